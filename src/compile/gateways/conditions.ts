import type { Condition, Reference, Status } from '../../entries/gateways/reference.ts';

/** What Consul's controller says of API gateways and of the routes that want to be bound to them: its types, reasons and words. */

/** A condition before anybody knows since when it holds. */
export type Finding = Omit<Condition, 'LastTransitionTime'>;

/** The whole entry, not a part of it. */
const WHOLE: Reference = { Kind: '', Name: '', SectionName: '' };

const finding = (Type: string, Status: boolean, Reason: string, Message: string, Resource: Reference = WHOLE): Finding => ({
  Type,
  Status: Status ? 'True' : 'False',
  Reason,
  Message,
  Resource,
});

export const gatewayAccepted = (): Finding => finding('Accepted', true, 'Accepted', 'gateway is valid');
export const badCertificates = (): Finding => finding('Accepted', false, 'InvalidCertificates', 'gateway references invalid certificates');
export const resolvedRefs = (listener: Reference): Finding => finding('ResolvedRefs', true, 'ResolvedRefs', 'resolved refs', listener);
export const noCertificate = (listener: Reference, name: string): Finding =>
  finding('ResolvedRefs', false, 'InvalidCertificateRef', `certificate ${JSON.stringify(name)} not found`, listener);
export const noConflict = (listener: Reference): Finding =>
  finding('Conflicted', false, 'NoConflict', 'listener has no route conflicts', listener);
export const conflict = (listener: Reference): Finding =>
  finding('Conflicted', true, 'RouteConflict', 'TCP-based listeners currently only support binding a single route', listener);

export const routeAccepted = (): Finding => finding('Accepted', true, 'Accepted', 'route is valid');
export const badChain = (why: string): Finding => finding('Accepted', false, 'InvalidDiscoveryChain', why);
export const noUpstreams = (): Finding =>
  finding('Accepted', false, 'NoUpstreamServicesTargeted', 'route must target at least one upstream service');
export const bound = (parent: Reference): Finding => finding('Bound', true, 'Bound', 'successfully bound route', parent);
export const unbound = (parent: Reference, why: string): Finding => finding('Bound', false, 'FailedToBind', why, parent);
export const noGateway = (parent: Reference): Finding => finding('Bound', false, 'GatewayNotFound', 'gateway was not found', parent);

/** As a status: what held before holds since then, everything else since `now`. */
export function statusOf(findings: readonly Finding[], before: Status | undefined, now: string): Status {
  const known = new Map((before?.Conditions ?? []).map((condition) => [keyOf(condition), condition.LastTransitionTime]));
  return { Conditions: findings.map((one) => ({ ...one, LastTransitionTime: known.get(keyOf(one)) ?? now })) };
}

export const sameFindings = (a: readonly Finding[], b: readonly Finding[]): boolean =>
  a.length === b.length && a.every((one, i) => keyOf(one) === keyOf(b[i]!));

const keyOf = ({ Type, Status, Reason, Message, Resource }: Finding): string => JSON.stringify([Type, Status, Reason, Message, Resource]);

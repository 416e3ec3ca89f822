import { fieldsOf } from '../entries/canonical.ts';
import type { ProxyDefaults } from '../entries/proxy-defaults.ts';
import type { ServiceDefaults } from '../entries/service-defaults.ts';
import { type ResolverFailover, type ServiceResolver, serviceResolver } from '../entries/service-resolver.ts';
import { type ChainDraft, Contradiction, chainEntry, recordProtocol } from './chain-draft.ts';
import type { ChainRequest, ChainTarget, ResolverNode } from './chain-model.ts';
import { proxyDefaultsOf, serviceDefaultsOf } from './protocol.ts';

export const DEFAULT_CONNECT_TIMEOUT_MS = 5000;

/** Names a set of instances: what routes, splits, redirects and failovers lead to. */
export interface TargetName {
  readonly service: string;
  /** Empty: the default one, if the service has one, else all instances. */
  readonly subset: string;
  readonly datacenter: string;
  /** A service of another mesh: it has no datacenter then. */
  readonly peer?: string;
}

/** The resolver of a target, made on first use: where its redirects and its default subset lead to in the end. */
export function resolve(draft: ChainDraft, name: TargetName): ResolverNode {
  const found = follow(draft, name);
  if ('type' in found) return found;
  const { target, entry } = found;
  const node = resolverNode(target, entry);
  draft.targets.set(target.id, target);
  // Known before what it fails over to, which may be itself.
  draft.nodes.set(node.id, node);
  const failover = failoverNames(found.name, entry).map((other) => failoverTarget(draft, other));
  if (failover.length === 0) return node;
  const complete = { ...node, failover };
  draft.nodes.set(node.id, complete);
  return complete;
}

interface Resolved {
  readonly name: TargetName;
  readonly target: ChainTarget;
  readonly entry: ServiceResolver | undefined;
}

/** Follows redirects and default subsets; ends at a node that is known already, or at what a new one has to be made of. */
function follow(draft: ChainDraft, from: TargetName): ResolverNode | Resolved {
  const history: string[] = [];
  for (let name = from; ; ) {
    const id = targetId(name);
    const known = draft.nodes.get(`resolver:${id}`);
    if (known?.type === 'resolver') return known;
    // What a peer speaks is not known here.
    if (!name.peer) recordProtocol(draft, name.service);
    const circular = history.includes(id);
    history.push(id);
    if (circular) throw new Contradiction(`detected circular resolver redirect: [${history.join(' -> ')}]`);
    const entry = chainEntry(draft, 'service-resolver', name.service);
    const next = nextName(name, entry);
    if (!next) return { name, target: targetOf(draft, name, entry), entry };
    name = next.name;
  }
}

/** Where the resolver of a service leads on to instead; undefined when it is the end. */
export function nextName(
  name: TargetName,
  entry: ServiceResolver | undefined,
): { readonly name: TargetName; readonly by: 'Redirect' | 'DefaultSubset' } | undefined {
  const redirected = entry?.Redirect ? rewrite(name, entry.Redirect) : name;
  if (targetId(redirected) !== targetId(name)) return { name: redirected, by: 'Redirect' };
  if (name.peer || name.subset !== '' || !entry?.DefaultSubset) return undefined;
  return { name: { ...name, subset: entry.DefaultSubset }, by: 'DefaultSubset' };
}

interface Elsewhere {
  readonly Service?: string | undefined;
  readonly ServiceSubset?: string | undefined;
  readonly Datacenter?: string | undefined;
  readonly Peer?: string | undefined;
}

/** Consul: another service is meant without the subset of the one before, unless it is named; and a peer only if it is named. */
function rewrite(name: TargetName, { Service, ServiceSubset, Datacenter, Peer }: Elsewhere): TargetName {
  const service = Service || name.service;
  const subset = ServiceSubset || (service === name.service ? name.subset : '');
  return Peer
    ? { service, subset, datacenter: name.datacenter, peer: Peer }
    : { service, subset, datacenter: Datacenter || name.datacenter };
}

function resolverNode(target: ChainTarget, entry: ServiceResolver | undefined): ResolverNode {
  return {
    type: 'resolver',
    id: `resolver:${target.id}`,
    target: target.id,
    connectTimeoutMs: target.connectTimeoutMs,
    requestTimeoutMs: entry?.RequestTimeout ? entry.RequestTimeout / 1e6 : undefined,
    isDefault: !entry || isSilent(entry),
    failover: [],
    loadBalancer: entry?.LoadBalancer,
  };
}

/** An entry may carry nothing but its name. */
function isSilent(entry: ServiceResolver): boolean {
  return Object.keys(fieldsOf(serviceResolver.schema)).every((field) => entry[field as keyof ServiceResolver] === undefined);
}

function targetOf(draft: ChainDraft, name: TargetName, entry: ServiceResolver | undefined): ChainTarget {
  const { service, subset, peer = '' } = name;
  const datacenter = peer === '' ? name.datacenter : '';
  const { snapshot, request } = draft;
  const chosen = Object.hasOwn(entry?.Subsets ?? {}, subset) ? entry!.Subsets![subset] : undefined;
  if (subset !== '' && !chosen)
    throw new Contradiction(`service ${JSON.stringify(service)} does not have a subset named ${JSON.stringify(subset)}`);
  const externalSni = serviceDefaultsOf(snapshot, request.dc, service)?.ExternalSNI ?? '';
  if (externalSni !== '') refuseForExternal(service, entry);
  const sni = peer === '' ? sniOf(service, subset, datacenter, request.trustDomain) : '';
  return {
    id: targetId(name),
    service,
    subset,
    datacenter,
    peer,
    sni: externalSni || sni,
    name: sni,
    filter: chosen?.Filter ?? '',
    onlyPassing: chosen?.OnlyPassing ?? false,
    ...(byLocality(draft, entry) ? { byLocality: true } : {}),
    connectTimeoutMs: entry?.ConnectTimeout ? entry.ConnectTimeout / 1e6 : DEFAULT_CONNECT_TIMEOUT_MS,
    meshGateway: externalSni === '' && hasGateway(request, datacenter) ? meshGatewayMode(draft, service) : '',
    dialedDirectly: externalSni === '' && dialedDirectly(draft, service),
    external: externalSni !== '',
  };
}

/** The name by which sidecars ask for a service, or a subset of it. */
export function sniOf(service: string, subset: string, datacenter: string, trustDomain: string): string {
  return `${subset === '' ? '' : `${subset}.`}${service}.default.${datacenter}.internal.${trustDomain}`;
}

function refuseForExternal(service: string, entry: ServiceResolver | undefined): void {
  const defined = entry?.Redirect ? 'redirects' : entry?.Subsets ? 'subsets' : entry?.Failover ? 'failover' : undefined;
  if (defined === undefined) return;
  throw new Contradiction(`service ${JSON.stringify(service)} has an external SNI set; cannot define ${defined} for external services`);
}

/** A resolver that says anything of it hides proxy-defaults. */
function byLocality({ snapshot, request }: ChainDraft, entry: ServiceResolver | undefined): boolean {
  const mode = entry?.PrioritizeByLocality?.Mode || proxyDefaultsOf(snapshot, request.dc)?.PrioritizeByLocality?.Mode;
  return mode === 'failover';
}

function meshGatewayMode({ snapshot, request }: ChainDraft, service: string): string {
  const all: Partial<ProxyDefaults> | undefined = proxyDefaultsOf(snapshot, request.dc);
  const own: Partial<ServiceDefaults> | undefined = serviceDefaultsOf(snapshot, request.dc, service);
  return own?.MeshGateway?.Mode || all?.MeshGateway?.Mode || '';
}

/** Consul 1.8 spoke of gateways only where they are needed, newer ones do always. */
export const hasGateway = ({ gatewaysElsewhereOnly, dc }: ChainRequest, datacenter: string): boolean =>
  !gatewaysElsewhereOnly || datacenter !== dc;

function dialedDirectly({ snapshot, request }: ChainDraft, service: string): boolean {
  const defaults = [serviceDefaultsOf(snapshot, request.dc, service), proxyDefaultsOf(snapshot, request.dc)];
  return defaults.some((one) => one?.TransparentProxy?.DialedDirectly);
}

/** What a target fails over to, in order; never to itself. */
function failoverNames(name: TargetName, entry: ServiceResolver | undefined): TargetName[] {
  const all = entry?.Failover ?? {};
  const rule: ResolverFailover | undefined = Object.hasOwn(all, name.subset) ? all[name.subset] : all['*'];
  if (!rule) return [];
  const { Service, ServiceSubset, Datacenters = [], Targets = [] } = rule;
  const to = { Service, ServiceSubset };
  const inDatacenters = (): TargetName[] => Datacenters.map((Datacenter) => rewrite(name, { ...to, Datacenter }));
  const named = (): TargetName[] => (Targets.length > 0 ? Targets.map((target) => rewrite(name, target)) : [rewrite(name, to)]);
  const names = Datacenters.length > 0 ? inDatacenters() : named();
  return names.filter((other) => targetId(other) !== targetId(name));
}

/** Redirects and default subsets count, the failover of what is failed over to doesn't. */
function failoverTarget(draft: ChainDraft, name: TargetName): string {
  const found = follow(draft, name);
  if ('type' in found) return found.target;
  draft.targets.set(found.target.id, found.target);
  return found.target.id;
}

export function targetId({ service, subset, datacenter, peer }: TargetName): string {
  if (peer) return `${service}.default.default.external.${peer}`;
  return `${subset === '' ? '' : `${subset}.`}${service}.default.default.${datacenter}`;
}

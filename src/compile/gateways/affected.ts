import type { GatewayKind } from '../../base/gateway-kind.ts';
import { tablePrefix } from '../../catalog/keys.ts';
import { entries, entry } from '../../catalog/queries.ts';
import { datacenter, type Snapshot } from '../../catalog/snapshot.ts';
import type { StoredEntry } from '../../catalog/types.ts';
import type { BoundApiGateway } from '../../entries/gateways/bound-api-gateway.ts';
import type { IngressGateway } from '../../entries/gateways/ingress-gateway.ts';
import type { TerminatingGateway } from '../../entries/gateways/terminating-gateway.ts';
import { isGateway, proxyId } from '../proxy-id.ts';

/** Kinds of entries that only API gateways look at. */
const OF_API_GATEWAYS = [
  'api-gateway',
  'bound-api-gateway',
  'http-route',
  'tcp-route',
  'inline-certificate',
  'file-system-certificate',
] as const;

/** Ids of the gateways that read such an entry, and the services that are reached through them. */
export function gatewaysOf(s: Snapshot, dc: string, kind: string, name: string): { ids: string[]; services: string[] } | undefined {
  if (kind === 'ingress-gateway' || kind === 'terminating-gateway') return { ids: instances(s, dc, name), services: reached(s, dc, name) };
  if (!OF_API_GATEWAYS.some((one) => one === kind)) return undefined;
  return { ids: entries(s, dc, 'api-gateway').value.flatMap(({ Name }) => instances(s, dc, Name)), services: [] };
}

/** Ids of the gateways that lead to one of these services (in lower case), each in the way of its kind. */
export function gatewaysTo(s: Snapshot, dc: string, services: ReadonlySet<string>): string[] {
  return gatewaysWhere(s, dc, ['ingress-gateway', 'bound-api-gateway'], (name) => name === '*' || services.has(name));
}

/** Ids of the gateways to which instances of a service matter even if it has no sidecars: they call these, or serve whatever there is. */
export function gatewaysSeeing(s: Snapshot, dc: string, service: string): string[] {
  const name = service.toLowerCase();
  return [
    ...gatewaysWhere(s, dc, ['ingress-gateway'], (linked) => linked === '*'),
    ...gatewaysWhere(s, dc, ['terminating-gateway'], (linked) => linked === '*' || linked === name),
  ];
}

/** Services that sidecars reach through a terminating gateway of this name. */
export function reached(s: Snapshot, dc: string, gateway: string): string[] {
  const found = entry(s, dc, 'terminating-gateway', gateway).value;
  if (!found) return [];
  const names = linkedNames(found);
  if (!names.includes('*')) return names;
  return [...names, ...Array.from(datacenter(s, dc).servicesByName.values(), ({ Service }) => Service)];
}

function gatewaysWhere(
  s: Snapshot,
  dc: string,
  kinds: readonly (GatewayKind | 'bound-api-gateway')[],
  isWanted: (linked: string) => boolean,
): string[] {
  const found = kinds.flatMap((kind) => entries(s, dc, kind).value);
  return found.filter((one) => linkedNames(one).some(isWanted)).flatMap(({ Name }) => instances(s, dc, Name));
}

/** What a gateway's entry says it leads to, in lower case. */
function linkedNames(found: StoredEntry): string[] {
  return namesOf(found).map((name) => name.toLowerCase());
}

function namesOf(found: StoredEntry): string[] {
  if (found.Kind === 'bound-api-gateway') return Object.keys((found as BoundApiGateway & StoredEntry).Services ?? {});
  if (found.Kind === 'terminating-gateway')
    return ((found as TerminatingGateway & StoredEntry).Services ?? []).map(({ Name }) => Name ?? '');
  return ((found as IngressGateway & StoredEntry).Listeners ?? []).flatMap(({ Services = [] }) => Services.map(({ Name }) => Name));
}

function instances(s: Snapshot, dc: string, name: string): string[] {
  const rows = Array.from(datacenter(s, dc).servicesByName.withPrefix(tablePrefix(name)), ([, service]) => service);
  return rows.filter(isGateway).map((service) => proxyId(dc, service));
}

import { sameName } from '../base/same-name.ts';
import { didYouMean } from '../base/suggest.ts';
import { isRegistered } from '../catalog/gateways.ts';
import { datacenterNames } from '../catalog/queries.ts';
import { datacenter, type Snapshot } from '../catalog/snapshot.ts';
import { type Gateway, isProxy, isSidecar, proxyId, type Sidecar } from '../compile/proxy-id.ts';
import { type Caller, configOf, type ExplainContext } from './walk.ts';

export type FoundCaller =
  | { readonly is: 'found'; readonly caller: Caller }
  /** It is registered, and has nothing that would carry its calls. */
  | { readonly is: 'outside'; readonly dc: string }
  /** The configuration of its sidecar can't be made. */
  | { readonly is: 'broken'; readonly dc: string; readonly id: string; readonly reason: string }
  | { readonly is: 'unknown'; readonly message: string; readonly hint?: string };

interface Candidate {
  readonly dc: string;
  readonly id: string;
  readonly proxy: Sidecar | Gateway;
}

/** A caller by the name of a service or gateway, or by the id of a sidecar. */
export function findCaller(context: ExplainContext, source: string, sourceDatacenter?: string): FoundCaller {
  const { snapshot } = context;
  const dcs = sourceDatacenter === undefined ? ownFirst(snapshot, context.dc) : [sourceDatacenter];
  const all = dcs.flatMap((dc) => proxiesOf(snapshot, dc));
  const [first, ...others] = all.filter((candidate) => isMeant(candidate, source));
  if (!first) {
    const outside = dcs.find((dc) => isRegistered(snapshot, dc, source));
    if (outside !== undefined) return { is: 'outside', dc: outside };
    const where = sourceDatacenter === undefined ? '' : ` in datacenter ${sourceDatacenter}`;
    const names = new Set(all.flatMap(({ proxy }) => [serviceOf(proxy), proxy.ID]));
    return { is: 'unknown', message: `there is no service or gateway ${JSON.stringify(source)}${where}`, ...hintOf(source, names) };
  }
  const { dc, id, proxy } = first;
  const config = configOf(context, id);
  if (!config.ok) return { is: 'broken', dc, id, reason: config.error.map(({ summary }) => summary).join('; ') };
  const same = others.filter((other) => other.dc === dc && serviceOf(other.proxy) === serviceOf(proxy));
  return { is: 'found', caller: { dc, proxy, config: config.value, others: same.map((other) => other.id) } };
}

function ownFirst(s: Snapshot, own: string): string[] {
  return [own, ...datacenterNames(s).filter((dc) => dc !== own)];
}

function proxiesOf(s: Snapshot, dc: string): Candidate[] {
  const services = [...datacenter(s, dc).services.values()].filter(isProxy);
  return services.map((proxy) => ({ dc, id: proxyId(dc, proxy), proxy }));
}

const serviceOf = (proxy: Sidecar | Gateway): string => (isSidecar(proxy) ? proxy.Proxy.DestinationServiceName : proxy.Service);

function isMeant({ id, proxy }: Candidate, source: string): boolean {
  return id === source || proxy.ID === source || sameName(serviceOf(proxy), source);
}

function hintOf(source: string, names: ReadonlySet<string>): { hint?: string } {
  const near = didYouMean(source, names);
  if (near.hint !== undefined || names.size === 0) return near;
  return { hint: `callers are: ${[...names].sort().slice(0, 8).join(', ')}` };
}

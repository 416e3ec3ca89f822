import type { UpstreamName } from '../../blueprints/context.ts';
import type { ProbeOutcome } from '../../compile/proxy-config.ts';
import { CHAIN_KINDS } from '../../entries/chain-kinds.ts';
import type { RegistryBackend } from './registry.ts';

/** How long the last look at an upstream may take. */
const LOOK_MS = 2000;

/** What a probe of a sidecar says of one of its upstreams. */
export function outcomeOf(outcomes: Readonly<Record<string, ProbeOutcome>>, upstream: string): ProbeOutcome | undefined {
  const names = Object.keys(outcomes);
  const name = names.find((one) => one === upstream || one.startsWith(`${upstream}.`) || one.startsWith(`${upstream}?`));
  return name === undefined ? undefined : outcomes[name];
}

/** Why an upstream of a proxy does not answer, in words. `home`: the proxy's own datacenter. */
export async function upstreamTrouble(
  backend: Pick<RegistryBackend, 'datacenters' | 'services' | 'entry' | 'probe' | 'proxyStates'>,
  proxy: string,
  { service, datacenter }: UpstreamName,
  home: string,
): Promise<string | undefined> {
  const target = datacenter || home;
  const datacenters = backend.datacenters();
  if (!datacenters.includes(target)) return `there is no datacenter ${target}; there are: ${datacenters.join(', ')}`;
  const services = backend.services(target);
  const known = services.get(service);
  if (!known && !CHAIN_KINDS.some((kind) => backend.entry(target, kind, service))) {
    const where = target === home ? '' : ` in datacenter ${target}`;
    return `no service ${service} is registered${where}; there are: ${[...services.keys()].join(', ') || 'none'}`;
  }
  if (known?.sidecars === 0) return `${service} has no sidecar`;
  if (!backend.proxyStates.value.has(proxy)) return 'its own sidecar has no configuration yet';
  const outcomes = await backend.probe(proxy, AbortSignal.timeout(LOOK_MS)).catch(() => ({}));
  const outcome = outcomeOf(outcomes, service);
  return outcome?.state === 'failed' ? outcome.reason : undefined;
}

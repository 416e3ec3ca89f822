import type { ApplyContext } from '../context.ts';
import { portMapOf } from '../host-ports.ts';
import type { LowerContext } from '../resource-type.ts';

/**
 * How the host and port of a URL are found when it is called: at the address of a resource, or at a port of this machine that
 * a resource opens, which may have had to move.
 */
export interface Way {
  readonly key: string;
  readonly by: 'address' | 'host-port';
}

/** What specs of types that have names, addresses or host ports look like, as far as is asked here. */
interface Spec {
  readonly names?: readonly string[];
  readonly workload?: { readonly names?: readonly string[] };
  readonly inside?: { readonly names: readonly string[]; readonly wanted?: string };
  readonly network?: { readonly wanted?: string };
  readonly host?: number;
  readonly hostPorts?: readonly { readonly host: number }[];
  readonly ports?: readonly { readonly host?: number }[];
}

const TYPES = ['container', 'docs', 'ingress', 'container_ingress', 'k8s_ingress', 'nomad_ingress'];
const THIS_MACHINE = ['localhost', '127.0.0.1', '[::1]'];

/** The resource that a URL leads to; undefined: it is not one of this mesh. */
export function wayTo(url: URL, context: LowerContext): Way | undefined {
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  const local = THIS_MACHINE.includes(url.hostname);
  for (const { key, spec } of TYPES.flatMap((type) => context.resources(type))) {
    const { names = [], workload, inside, network, host, hostPorts = [], ports = [] } = (spec ?? {}) as Spec;
    const opened = [host, ...[...hostPorts, ...ports].map((one) => one.host)];
    const called = [...names, ...(workload?.names ?? []), ...(inside?.names ?? []), network?.wanted, inside?.wanted];
    if (local ? opened.includes(port) : called.includes(url.hostname)) return { key, by: local ? 'host-port' : 'address' };
  }
  return undefined;
}

/** The URL as any program of this machine can call it. */
export function reachableUrl(text: string, way: Way | undefined, context: ApplyContext): string {
  if (!way) return text;
  const url = new URL(text);
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  const { reservation } = context.record(way.key);
  if (way.by === 'host-port') {
    url.port = String(portMapOf(reservation)[port] ?? port);
    return url.href;
  }
  const { address } = (reservation ?? {}) as { readonly address?: string };
  if (address === undefined) return text;
  const reachable = context.workloads.reach(address, port);
  url.hostname = reachable.address;
  url.port = String(reachable.port);
  return url.href;
}

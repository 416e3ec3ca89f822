import { type Diagnostic, errorAt } from '../base/diagnostic.ts';
import type { Loaded } from './loaded.ts';
import { locatePath } from './locate-path.ts';
import { overlaps, parseSubnet } from './subnet.ts';

/** Rules that concern several resources of a blueprint at once. */
export function checkTogether(loaded: readonly Loaded[]): Diagnostic[] {
  return [...overlappingNetworks(loaded), ...sharedAddresses(loaded), ...sharedHostPorts(loaded)];
}

function overlappingNetworks(loaded: readonly Loaded[]): Diagnostic[] {
  const networks = loaded.flatMap((resource) => {
    const subnet =
      resource.type.type === 'network' ? parseSubnet((resource.config as { subnet?: string } | undefined)?.subnet ?? '') : undefined;
    return subnet ? [{ resource, subnet }] : [];
  });
  return networks.flatMap(({ resource, subnet }, i) => {
    const other = networks.slice(0, i).find((earlier) => earlier.resource.key !== resource.key && overlaps(earlier.subnet, subnet));
    if (!other) return [];
    const related = { range: other.resource.block.headerRange, message: `${other.resource.key} is ${other.subnet.cidr}` };
    return [errorAt(locatePath(resource.located, 'subnet'), `${resource.key} overlaps ${other.resource.key}`, { related })];
  });
}

interface Attached {
  network?: { name: string; ip_address?: string }[];
}

function sharedAddresses(loaded: readonly Loaded[]): Diagnostic[] {
  const seen = new Map<string, Loaded>();
  return loaded.flatMap((resource) => {
    if (resource.type.type !== 'container') return [];
    const address = (resource.config as Attached | undefined)?.network?.[0]?.ip_address;
    if (address === undefined) return [];
    const other = seen.get(address);
    seen.set(address, other ?? resource);
    if (!other) return [];
    const related = {
      range: locatePath(other.located, 'network[0].ip_address') ?? other.block.headerRange,
      message: `${other.key} has it`,
    };
    return [errorAt(locatePath(resource.located, 'network[0].ip_address'), `address ${address} is given twice`, { related })];
  });
}

function sharedHostPorts(loaded: readonly Loaded[]): Diagnostic[] {
  const seen = new Map<number, Loaded>();
  return loaded.flatMap((resource) =>
    hostPortsIn(resource.config).flatMap(({ port, at }) => {
      if (port === undefined || port === 0) return [];
      const other = seen.get(port);
      seen.set(port, other ?? resource);
      if (!other) return [];
      const related = { range: other.block.headerRange, message: `${other.key} opens it` };
      return [errorAt(locatePath(resource.located, at), `host port ${port} is opened twice`, { related })];
    }),
  );
}

/** Containers and ingresses have blocks `port`, docs one number, an ingress from this machine a source. */
interface Opening {
  readonly port?: number | readonly { readonly host?: number }[];
  readonly source?: { readonly driver?: string; readonly config?: { readonly port?: string } };
}

function hostPortsIn(config: unknown): { port: number | undefined; at: string }[] {
  const { port = [], source } = (config ?? {}) as Opening;
  const blocks = typeof port === 'number' ? [{ port, at: 'port' }] : port.map(({ host }, i) => ({ port: host, at: `port[${i}].host` }));
  return source?.driver === 'local' ? [...blocks, { port: Number(source.config?.port), at: 'source.config.port' }] : blocks;
}

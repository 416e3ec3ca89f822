import { type Diagnostic, errorAt } from '../base/diagnostic.ts';
import type { Loaded } from './loaded.ts';
import { locatePath } from './locate-path.ts';
import { parsePortRange } from './port-range.ts';
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
  network?: { ip_address?: string }[];
}

function sharedAddresses(loaded: readonly Loaded[]): Diagnostic[] {
  const seen = new Map<string, Loaded>();
  return loaded.flatMap((resource) => {
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
    hostPortsIn(resource).flatMap(({ port, at }) => {
      if (port === undefined || port === 0) return [];
      const other = seen.get(port);
      seen.set(port, other ?? resource);
      if (!other) return [];
      const related = { range: other.block.headerRange, message: `${other.key} opens it` };
      return [errorAt(locatePath(resource.located, at), `host port ${port} is opened twice`, { related })];
    }),
  );
}

/**
 * Containers and ingresses have blocks `port`, containers ranges, docs and Jumppad's ingresses one number, programs a `host_port`, an
 * ingress from this machine a source. A number of others (of a program, of a service elsewhere) is no host port.
 */
interface Opening {
  readonly port?: number | readonly { readonly host?: number; readonly protocol?: string }[];
  readonly port_range?: readonly { readonly range: string; readonly enable_host?: boolean; readonly protocol?: string }[];
  readonly host_port?: number;
  readonly source?: { readonly driver?: string; readonly config?: { readonly port?: string } };
}

function hostPortsIn({ type, config }: Loaded): { port: number | undefined; at: string }[] {
  const { port = [], port_range: ranges = [], host_port: one, source } = (config ?? {}) as Opening;
  if (one !== undefined) return [{ port: one, at: 'host_port' }];
  if (typeof port === 'number') return ['docs', 'ingress'].includes(type.type) ? [{ port, at: 'port' }] : [];
  // Consul's DNS has one port of both protocols; that of udp is not opened.
  const blocks = port.map(({ host, protocol }, i) => ({ port: protocol === 'udp' ? undefined : host, at: `port[${i}].host` }));
  const ofRanges = ranges.flatMap(({ range, enable_host: opened, protocol }, i) =>
    opened && protocol !== 'udp' ? (parsePortRange(range) ?? []).map((one) => ({ port: one, at: `port_range[${i}].range` })) : [],
  );
  const ofSource = source?.driver === 'local' ? [{ port: Number(source.config?.port), at: 'source.config.port' }] : [];
  return [...blocks, ...ofRanges, ...ofSource];
}

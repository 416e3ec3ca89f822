import { warningAt } from '../../base/diagnostic.ts';
import type { Decoded } from '../../schema/schema.ts';
import type { HostPort } from '../host-ports.ts';
import { badPortRange, parsePortRange } from '../port-range.ts';
import type { LowerContext } from '../resource-type.ts';
import type { containerSchema } from './schema.ts';

/** What the blocks `port` and `port_range` of a container say. */
export interface ContainerPorts {
  /** Of its `port` blocks: it counts as ready when they accept. */
  readonly named: readonly number[];
  /** Of its ranges: some of them may never be listened on. */
  readonly ranges: readonly { readonly ports: readonly number[]; readonly at: string }[];
  readonly host: readonly HostPort[];
  readonly pages: readonly { readonly host: number; readonly path: string }[];
}

type Config = Pick<Decoded<typeof containerSchema>, 'port' | 'port_range'>;

export function lowerContainerPorts({ port = [], port_range: given = [] }: Config, context: LowerContext): ContainerPorts {
  const ranges = given.flatMap(({ range, enable_host: opened = false, protocol }, i) => {
    const ports = parsePortRange(range);
    if (!ports) context.report(badPortRange(range, context.at(`port_range[${i}].range`)));
    return ports ? [{ ports, at: `port_range[${i}]`, opened: opened && isTcp(protocol, `port_range[${i}]`, context) }] : [];
  });
  const blocks = port.flatMap(({ host, local, open_in_browser: path, protocol }, i) =>
    host === undefined || !isTcp(protocol, `port[${i}]`, context) ? [] : [{ host, target: local, path }],
  );
  const opened = ranges.flatMap((range) => (range.opened ? range.ports : []));
  return {
    named: port.flatMap(({ local, protocol }) => (protocol === 'udp' ? [] : [local])),
    ranges,
    host: [...blocks.map(({ host, target }) => ({ host, target })), ...opened.map((one) => ({ host: one, target: one }))],
    pages: blocks.flatMap(({ host, path }) => (path === undefined || path === '' ? [] : [{ host, path }])),
  };
}

function isTcp(protocol: string | undefined, at: string, context: LowerContext): boolean {
  if (protocol !== 'udp') return true;
  const detail = 'only tcp leads from a port of this machine to a workload';
  context.report(warningAt(context.at(`${at}.protocol`), 'udp ports are not opened', { detail }));
  return false;
}

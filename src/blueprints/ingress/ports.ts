import { errorAt } from '../../base/diagnostic.ts';
import { list, object, optional, port, required, string } from '../../schema/schema.ts';
import type { LowerContext } from '../resource-type.ts';
import type { IngressPort } from './lifecycle.ts';

export const ingressPorts = list(
  object({
    local: optional(port(), "Port of the ingress's own address in its network. By default the same as `remote`."),
    remote: required(string(), 'Port of the target: a number, or the name of a port of a Service.'),
    host: optional(port(), 'Port to open on 127.0.0.1. Without it only the network leads there.'),
    protocol: optional(string(['tcp', 'http']), 'Accepted; both are recognised.'),
    open_in_browser: optional(string(), 'Page to open once it is ready: a path (`/ui`), or a whole URL.'),
  }),
);

interface PortBlock {
  readonly local?: number;
  readonly remote: string;
  readonly host?: number;
  readonly open_in_browser?: string;
}

/** `portOf` finds the port of the target, and reports at the path it is given. */
export function lowerPorts(
  blocks: readonly PortBlock[],
  hasNetwork: boolean,
  context: LowerContext,
  portOf: (remote: string, at: string) => number,
): IngressPort[] {
  return blocks.map(({ local, remote, host, open_in_browser: open }, i) => {
    const target = portOf(remote, `port[${i}].remote`);
    if (host === undefined && !hasNetwork) {
      const detail = 'give the port a `host`, to open it on 127.0.0.1, or the ingress a `network`';
      context.report(errorAt(context.at(`port[${i}].remote`), 'nothing would lead to this port', { detail }));
    }
    return { local: local ?? target, target, ...(host === undefined ? {} : { host }), ...(open === undefined ? {} : { open }) };
  });
}

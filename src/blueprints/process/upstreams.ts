import { errorAt } from '../../base/diagnostic.ts';
import type { UpstreamDefinition } from '../../base/registration.ts';
import type { LowerContext } from '../resource-type.ts';

const FIRST_PORT = 9091;

type Given = readonly Readonly<Record<string, { readonly local_bind_port?: number; readonly datacenter?: string }>>[];

/** Blocks `upstream "payments" { … }`; those without a port get the next ones that nothing else of the program has. */
export function lowerUpstreams(given: Given, port: number | undefined, context: LowerContext): UpstreamDefinition[] {
  const rows = given.flatMap((block, i) => Object.entries(block).map(([service, more]) => ({ service, ...more, at: `upstream[${i}]` })));
  const taken = new Map<number, string>(port === undefined ? [] : [[port, 'the program itself listens on it']]);
  const named = new Set<string>();
  for (const { service, datacenter = '', local_bind_port: local, at } of rows) {
    const call = `${service}/${datacenter}`;
    if (named.has(call)) context.report(errorAt(context.at(`${at}.${service}`), `upstream "${service}" is given twice`));
    named.add(call);
    if (local === undefined) continue;
    const holder = taken.get(local);
    const detail = local === 0 ? 'leave it out for the next free one from 9091 on' : holder;
    const summary = local === 0 ? '"local_bind_port" is 0' : `port ${local} of the upstream "${service}" is taken`;
    if (detail !== undefined) context.report(errorAt(context.at(`${at}.${service}.local_bind_port`), summary, { detail }));
    taken.set(local, `the upstream "${service}" has it`);
  }
  let next = FIRST_PORT;
  const free = (service: string): number => {
    while (taken.has(next)) next++;
    taken.set(next, service);
    return next;
  };
  return rows.map(({ service, datacenter = '', local_bind_port: local }) => ({
    service,
    datacenter,
    localAddress: '127.0.0.1',
    localPort: local ?? free(service),
    config: {},
  }));
}

/** What the program is told of them: PAYMENTS_ADDR=127.0.0.1:9091 and PAYMENTS_URL=http://127.0.0.1:9091. */
export function upstreamEnvironment(upstreams: readonly UpstreamDefinition[]): Record<string, string> {
  const pairs = upstreams.flatMap(({ service, localPort }) => {
    const name = service.toUpperCase().replace(/[^A-Z0-9]/g, '_');
    const address = `127.0.0.1:${localPort}`;
    return [[`${name}_ADDR`, address] as const, [`${name}_URL`, `http://${address}`] as const];
  });
  return Object.fromEntries(pairs);
}

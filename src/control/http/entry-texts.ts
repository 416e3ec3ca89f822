import type { Compat } from '../compatibility.ts';

/** Where Consul 1.8 says the same in other words. */
const OF_1_8: readonly (readonly [newer: RegExp, older: string])[] = [
  [/, partition=""$/, ''],
  [/^(Bad Failover\[.*\]):( one of Service, ServiceSubset, Namespace,) Targets,/, '$1$2'],
  [/^(Bad Failover\[.*\]: not a valid subset) subset$/, '$1'],
  [/L7 protocols, 'http', 'grpc' and 'http2' /, "protocol = 'http' "],
  [/\.default\.default\b/g, '.default'],
];

/** What is answered to an entry that is refused. */
export function entryText(compat: Compat, kind: string, text: string): string {
  if (compat === 'newer') return text;
  if (kind === 'service-defaults' && text === 'Name is required') return 'serviceName is required';
  return OF_1_8.reduce((said, [newer, older]) => said.replace(newer, older), text);
}

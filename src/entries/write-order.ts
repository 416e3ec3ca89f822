import type { EntryBase } from './kind.ts';

/** What builds on what: protocols before routes, subsets before splits, certificates before gateways, gateways before routes. */
const KINDS = [
  'mesh',
  'proxy-defaults',
  'service-defaults',
  'service-resolver',
  'service-splitter',
  'service-router',
  'jwt-provider',
  'inline-certificate',
  'file-system-certificate',
  'exported-services',
  'terminating-gateway',
  'ingress-gateway',
  'api-gateway',
  'tcp-route',
  'http-route',
  'service-intentions',
];

/** Kinds with a lower number come first, so that each entry finds what it builds on. */
export const writeRank = (kind: string): number => (KINDS.includes(kind) ? KINDS.indexOf(kind) : KINDS.length);

/** An order in which each entry finds what it builds on; to delete, the other way round. */
export function inWriteOrder(entries: readonly EntryBase[]): EntryBase[] {
  return entries.toSorted((a, b) => writeRank(a.Kind) - writeRank(b.Kind));
}

import type { EntryKind } from './kind.ts';
import { proxyDefaults } from './proxy-defaults.ts';
import { serviceDefaults } from './service-defaults.ts';
import { serviceIntentions } from './service-intentions.ts';
import { serviceResolver } from './service-resolver.ts';
import { serviceRouter } from './service-router.ts';
import { serviceSplitter } from './service-splitter.ts';

/** Every kind of config entry that can be written. To add one: a file beside this one, and a row. */
export const ENTRY_KINDS: readonly EntryKind[] = [
  serviceDefaults,
  proxyDefaults,
  serviceRouter,
  serviceSplitter,
  serviceResolver,
  serviceIntentions,
];

/** Kinds that Consul has and this version does not take yet. */
export const FUTURE_KINDS: readonly string[] = [
  'ingress-gateway',
  'terminating-gateway',
  'mesh',
  'exported-services',
  'sameness-group',
  'api-gateway',
  'bound-api-gateway',
  'http-route',
  'tcp-route',
  'inline-certificate',
  'file-system-certificate',
  'jwt-provider',
];

export function entryKind(kind: string): EntryKind | undefined {
  return ENTRY_KINDS.find((row) => row.kind === kind);
}

/** Whether Consul knows this word at all: such a kind can be listed (it is empty), if not always written. */
export function isKnownKind(kind: string): boolean {
  return entryKind(kind) !== undefined || FUTURE_KINDS.includes(kind);
}

export function allKindNames(): string[] {
  return [...ENTRY_KINDS.map((row) => row.kind), ...FUTURE_KINDS];
}

/** Why nothing can be written under this kind, in Consul's words where Consul has some; undefined when it can. */
export function kindError(kind: string): string | undefined {
  if (entryKind(kind)) return undefined;
  if (FUTURE_KINDS.includes(kind)) return `config entry kind ${JSON.stringify(kind)} is not supported by this version of mesh yet`;
  return `invalid config entry kind: ${kind}`;
}

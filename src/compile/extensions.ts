import type { Snapshot } from '../catalog/snapshot.ts';
import type { Block } from '../entries/extensions/arguments.ts';
import type { EnvoyExtensions } from '../entries/extensions/extensions.ts';
import { FAULT_INJECTION, type FaultInjection, readFaultInjection } from '../entries/extensions/fault-injection.ts';
import { LOCAL_RATE_LIMIT, type LocalRateLimit, readLocalRateLimit } from '../entries/extensions/local-rate-limit.ts';
import {
  PROPERTY_OVERRIDE,
  type PropertyPatch,
  type ResourceType,
  readPropertyOverride,
  type TrafficDirection,
} from '../entries/extensions/property-override.ts';
import { PROXY_DEFAULTS_NAME } from '../entries/proxy-defaults.ts';
import { proxyDefaultsOf, serviceDefaultsOf } from './protocol.ts';

/** A setting with the entry that it stands in: `service-defaults payments`. */
export interface Stated<T> {
  readonly entry: string;
  readonly value: T;
}

/** What the extensions of a service's sidecars come to, in the order in which they apply: proxy-defaults, then service-defaults. */
export interface ServiceExtensions {
  readonly localRateLimits: readonly Stated<LocalRateLimit>[];
  readonly faults: readonly Stated<FaultInjection>[];
  readonly patches: readonly PropertyPatch[];
}

/** Those that can't be read are left out: entries with such are not accepted. */
export function extensionsOf(s: Snapshot, dc: string, service: string): ServiceExtensions {
  const all = [
    ...stated(`proxy-defaults ${PROXY_DEFAULTS_NAME}`, proxyDefaultsOf(s, dc)?.EnvoyExtensions),
    ...stated(`service-defaults ${service}`, serviceDefaultsOf(s, dc, service)?.EnvoyExtensions),
  ];
  const read = <T>(wanted: string, reader: (args: Block) => { ok: true; value: T } | { ok: false }): Stated<T>[] =>
    all.flatMap(({ entry, value: { Name, Arguments = {} } }) => {
      const result = Name === wanted ? reader(Arguments) : undefined;
      return result?.ok ? [{ entry, value: result.value }] : [];
    });
  return {
    localRateLimits: read(LOCAL_RATE_LIMIT, readLocalRateLimit),
    faults: read(FAULT_INJECTION, readFaultInjection),
    patches: read(PROPERTY_OVERRIDE, readPropertyOverride).flatMap(({ value }) => value),
  };
}

/** The resource of Envoy that a patch would have to be about. */
export interface PatchedResource {
  readonly resourceType: ResourceType;
  readonly direction: TrafficDirection;
  /** The upstream service, of what is outbound. */
  readonly service?: string;
}

/** What the last patch puts at a path, or at one above it; undefined when none does, or one removes it. */
export function patched(patches: readonly PropertyPatch[], resource: PatchedResource, path: string): unknown {
  let value: unknown;
  for (const patch of patches) {
    if (patch.resourceType !== resource.resourceType || patch.direction !== resource.direction) continue;
    if (patch.services.length > 0 && !patch.services.includes(resource.service ?? '')) continue;
    if (path !== patch.path && !path.startsWith(`${patch.path}/`)) continue;
    value = patch.op === 'add' ? below(patch.value, path.slice(patch.path.length + 1)) : undefined;
  }
  return value;
}

function below(value: unknown, path: string): unknown {
  if (path === '') return value;
  return path.split('/').reduce<unknown>((at, name) => (isBlock(at) && Object.hasOwn(at, name) ? at[name] : undefined), value);
}

const isBlock = (value: unknown): value is Block => typeof value === 'object' && value !== null;

function stated(entry: string, extensions: EnvoyExtensions | undefined): Stated<EnvoyExtensions[number]>[] {
  return (extensions ?? []).map((value) => ({ entry, value }));
}

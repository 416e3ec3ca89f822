import type { Range } from '../base/source.ts';
import type { ConfigSource } from './decode.ts';
import type { RawConfig } from './file-schema.ts';

/** Several files add up: lists are appended, blocks and maps united, and of other values the last one stays. */
export function mergeSources(sources: readonly ConfigSource[]): ConfigSource {
  let config: Record<string, unknown> = {};
  const ranges = new Map<string, Range>();
  for (const source of sources) {
    config = merged(config, collected(source.config)) as Record<string, unknown>;
    for (const [path, range] of source.ranges) ranges.set(path, range);
  }
  return { config: config as RawConfig, ranges, entries: sources.flatMap(({ entries }) => entries) };
}

/** A file's one `service` is one of the services of all. */
function collected({ service, services = [], check, checks = [], ...rest }: RawConfig): RawConfig {
  const all = [...services, ...(service ? [service] : [])];
  const allChecks = [...checks, ...(check ? [check] : [])];
  return { ...rest, ...(all.length > 0 ? { services: all } : {}), ...(allChecks.length > 0 ? { checks: allChecks } : {}) };
}

function merged(before: unknown, after: unknown): unknown {
  if (after === undefined) return before;
  if (Array.isArray(before) && Array.isArray(after)) return [...(before as unknown[]), ...(after as unknown[])];
  if (!isObject(before) || !isObject(after)) return after;
  // Names of services and headers can be anything: `__proto__` too.
  const result = Object.assign(Object.create(null) as Record<string, unknown>, before);
  for (const [key, value] of Object.entries(after)) result[key] = merged(before[key], value);
  return result;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

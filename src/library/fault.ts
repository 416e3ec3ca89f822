import { MeshError } from '../base/errors.ts';
import { FAULT_INJECTION } from '../entries/extensions/fault-injection.ts';
import { entryToJson } from '../entries/json.ts';
import type { EntryBase } from '../entries/kind.ts';
import type { Json } from '../schema/located.ts';
import { readEntry } from './entries.ts';
import { milliseconds } from './manual-clock.ts';
import type { ConfigEntry, FaultOptions } from './types.ts';

/** The service-defaults of a service with this fault, in place of any other; with none if `fault` is undefined. */
export function withFault(existing: EntryBase | undefined, service: string, fault: FaultOptions | undefined): EntryBase {
  const before = existing ? entryToJson(existing) : { Kind: 'service-defaults', Name: service };
  const others = ((before['EnvoyExtensions'] ?? []) as { Name?: string }[]).filter(({ Name }) => Name !== FAULT_INJECTION);
  const added = fault ? [{ Name: FAULT_INJECTION, Required: true, Arguments: argumentsOf(service, fault) }] : [];
  return readEntry({ ...before, EnvoyExtensions: [...others, ...added] } as unknown as ConfigEntry);
}

function argumentsOf(service: string, { abort, delay, percent = 100, headers = {} }: FaultOptions): Json {
  if (abort === undefined && delay === undefined) {
    throw new MeshError('usage', `the fault of ${service} does nothing`, { hint: "give { abort: 503 }, { delay: '200ms' }, or both" });
  }
  return {
    Config: {
      ...(delay === undefined ? {} : { Delay: { Duration: milliseconds(delay), Percentage: percent } }),
      ...(abort === undefined ? {} : { Abort: { HttpStatus: abort, Percentage: percent } }),
      Headers: Object.entries(headers).map(([Name, Exact]) => ({ Name, Exact })),
    },
  };
}

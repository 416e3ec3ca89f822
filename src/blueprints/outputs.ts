import { isDeepStrictEqual } from 'node:util';
import type { KnownOutputs } from './language/resource-value.ts';
import type { RunningResource } from './loaded.ts';
import type { Lowered } from './lower.ts';
import { resourceTypeOf } from './resources/index.ts';

/**
 * What is known of the outputs of a resource: of one of this blueprint once it has been lowered (and what applying it gave, if it
 * runs just so), or of one that only runs. Undefined if nothing is known.
 */
export function outputsOf(key: string, { specs }: Lowered, running: ReadonlyMap<string, RunningResource>): KnownOutputs {
  const record = running.get(key);
  const outputs = resourceTypeOf(key.split('.', 1)[0]!)?.outputs;
  if (!outputs || !specs.has(key)) return undefined;
  const spec = specs.get(key);
  const isSame = record !== undefined && !record.stale && isDeepStrictEqual(JSON.parse(JSON.stringify(spec ?? null)), record.spec);
  return outputs.of(spec, isSame ? record.made : undefined);
}

/** Of a resource that another blueprint has applied. */
export function outputsOfRunning({ key, spec, made, stale }: RunningResource): KnownOutputs {
  return resourceTypeOf(key.split('.', 1)[0]!)?.outputs?.of(spec, stale ? undefined : made);
}

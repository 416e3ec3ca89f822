import type { EntryBase } from './kind.ts';
import { type Problem, problem } from './problem.ts';

const MAX_PAIRS = 64;
const MAX_KEY = 128;
const MAX_VALUE = 512;

/** Consul's limits on the Meta of every config entry; lengths are in bytes. */
export function validateMeta(entry: EntryBase): Problem[] {
  const pairs = Object.entries(entry.Meta ?? {});
  const found: Problem[] = [];
  if (pairs.length > MAX_PAIRS) found.push(problem('listed', 'Meta', `Meta exceeds maximum element count ${MAX_PAIRS}`));
  for (const [key, value] of pairs) {
    const path = `Meta[${key}]`;
    if (Buffer.byteLength(key) > MAX_KEY)
      found.push(problem('listed', path, `Meta key ${JSON.stringify(key)} exceeds maximum length ${MAX_KEY}`));
    if (Buffer.byteLength(value) > MAX_VALUE) {
      found.push(problem('listed', path, `Meta value for key ${JSON.stringify(key)} exceeds maximum length ${MAX_VALUE}`));
    }
  }
  return found;
}

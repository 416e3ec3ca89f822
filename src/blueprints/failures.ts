import { MeshError } from '../base/errors.ts';
import { shellWord } from '../base/shell-word.ts';
import type { Guard } from './resource-type.ts';

/** What `AbortSignal.timeout` ends things with. */
export const isTimeout = (reason: unknown): boolean => reason instanceof DOMException && reason.name === 'TimeoutError';

/** The time is up: names what was still waited for, in words, or at least the resource. */
export function timeoutError(timeoutMs: number, key: string, waiting: readonly string[]): MeshError {
  return new MeshError('incomplete', `not ready after ${timeoutMs / 1000} s, still waiting for: ${waiting.join('; ') || key}`);
}

/** Each with what keeps it: `payments: ready (port 9099 of 10.5.0.110 does not accept connections)`. */
export async function describeGuards(guards: readonly Guard[]): Promise<string[]> {
  const described = guards.map(async (guard) => {
    // One more thing that may not answer; what is waited for is known without it.
    const reason = await guard.why?.().catch(() => undefined);
    return reason === undefined ? guard.name : `${guard.name} (${reason})`;
  });
  return Promise.all(described);
}

/** More of them don't help. */
const NAMED = 5;

/**
 * What a run ends with when some of it failed: the first failure, with the number of the others, and what was not started for
 * that. `typed`: what the user calls the blueprint.
 */
export function incomplete(
  typed: string,
  { failures, skipped }: { readonly failures: ReadonlyMap<string, MeshError>; readonly skipped: ReadonlySet<string> },
): MeshError {
  const [key, first] = [...failures][0]!;
  const environment = [...failures.values()].every((failure) => failure.code === 'environment');
  const others = failures.size > 1 ? ` (and ${failures.size - 1} more)` : '';
  const what = first.message.startsWith(key) ? first.message : `${key}: ${first.message}`;
  const name = shellWord(typed);
  const more = skipped.size > NAMED ? ` and ${skipped.size - NAMED} more` : '';
  const waiting = skipped.size === 0 ? '' : `\nnot started because of that: ${[...skipped].slice(0, NAMED).join(', ')}${more}`;
  return new MeshError(environment ? 'environment' : 'incomplete', `${what}${others}${waiting}`, {
    hint: first.hint ?? `what works keeps running; fix it and type \`mesh run ${name}\` again, or \`mesh destroy ${name}\``,
  });
}

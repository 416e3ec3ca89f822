import { inspect } from 'node:util';
import { MeshError, messageOf } from '../base/errors.ts';
import type { Clock } from '../base/ports.ts';
import { milliseconds } from './manual-clock.ts';
import type { WaitOptions } from './types.ts';

/** Between two looks. */
const INTERVAL_MS = 20;
const TIMEOUT_MS = 5_000;
const MAX_SHOWN = 300;

/**
 * Looks again and again until the condition gives something that is not false, null, undefined, 0 or empty, and resolves with that. What it
 * throws counts as a no. After the deadline rejects with a MeshError that says what was waited for and what was seen last.
 */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  { timeout = TIMEOUT_MS, interval = INTERVAL_MS, what }: WaitOptions,
  clock: Clock,
): Promise<NonNullable<T>> {
  const timeoutMs = milliseconds(timeout);
  const deadline = clock.now() + timeoutMs;
  for (let looks = 1; ; looks++) {
    let last: { value: T } | { error: unknown };
    try {
      last = { value: await condition() };
      if (last.value) return last.value;
    } catch (error) {
      last = { error };
    }
    if (clock.now() >= deadline) {
      const seen = 'error' in last ? `it failed: ${messageOf(last.error)}` : `the last value was ${shorten(inspect(last.value))}`;
      throw new MeshError('failed', `waited ${timeoutMs / 1000} s in vain for ${what ?? sourceOf(condition)}: ${seen} (${looks} looks)`, {
        ...('error' in last ? { cause: last.error } : {}),
        hint: "give it longer: { timeout: '30s' }, or a name: { what: '…' }",
      });
    }
    await clock.sleep(milliseconds(interval));
  }
}

/** What the condition says, on one line, without the arrow before it. */
function sourceOf(condition: () => unknown): string {
  const text = String(condition).replace(/\s+/g, ' ');
  return shorten(text.replace(/^(?:async )?\(\) => /, ''));
}

const shorten = (text: string): string => (text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text);

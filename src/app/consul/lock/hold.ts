import { setTimeout as delay } from 'node:timers/promises';
import { poll } from '../blocking.ts';
import type { ApiClient } from '../client.ts';
import { type KvPair, parsePairs } from '../kv/pairs.ts';

/** A lock or a place in a semaphore. All methods reject with an Error that says what Consul's client says. */
export interface Hold {
  /** Undefined when it was not to be had in time, or `signal` was aborted first. */
  acquire(signal: AbortSignal): Promise<Held | undefined>;
  /** Deletes what is kept in the store for it, unless others use it. */
  cleanUp(): Promise<'done' | 'in use'>;
}

export interface Held {
  /** Resolves when it is held no longer, whoever took it away. */
  readonly lost: Promise<void>;
  release(): Promise<void>;
}

export interface HoldOptions {
  readonly api: ApiClient;
  /** For who looks at sessions. */
  readonly sessionName: string;
  /** How long to try; 0 is for ever. */
  readonly timeoutMs: number;
  /** How many answers in a row may fail before what is held counts as lost. */
  readonly retries: number;
}

/** How long one query waits for a change. */
const WAIT_MS = 15_000;
/** A key that was just taken from somebody is nobody's for a while, of which no query tells: try again after this time. */
export const LOCK_DELAY_RETRY_MS = 5000;
const MONITOR_RETRY_MS = 1000;

/** Time for an attempt that may take only so long. The first round is always made. */
export function waitFor(timeoutMs: number): { next(): number | undefined } {
  const start = performance.now();
  let first = true;
  return {
    /** Milliseconds for the next query; undefined when the time is over. */
    next: () => {
      const left = timeoutMs === 0 ? WAIT_MS : timeoutMs - (performance.now() - start);
      if (!first && left <= 0) return undefined;
      first = false;
      return Math.min(WAIT_MS, Math.max(1, left));
    },
  };
}

/** The pairs at a path, and the index of the answer. */
export async function readPairs(
  api: ApiClient,
  path: string,
  options: {
    readonly recurse: boolean;
    readonly index: number;
    readonly waitMs?: number;
    readonly consistent?: boolean;
    readonly signal?: AbortSignal;
  },
): Promise<{ readonly pairs: readonly KvPair[]; readonly index: number }> {
  const { recurse, consistent, ...rest } = options;
  const query = { recurse: recurse ? '' : undefined, consistent: consistent ? '' : undefined };
  const { status, body, index } = await poll(api, path, { query, ...rest });
  if (status !== 200 && status !== 404) throw new Error(`Unexpected response code: ${status} (${body})`);
  return { pairs: status === 404 ? [] : parsePairs(body), index };
}

/** Resolves when `isHeld` says no, when so many answers in a row have failed, or when `signal` is aborted. */
export async function watchUntilLost(
  { api, retries }: HoldOptions,
  path: string,
  recurse: boolean,
  signal: AbortSignal,
  isHeld: (pairs: readonly KvPair[]) => boolean,
): Promise<void> {
  let failures = 0;
  for (let index = 0; ; ) {
    try {
      const answer = await readPairs(api, path, { recurse, index, consistent: true, signal });
      if (!isHeld(answer.pairs)) return;
      index = answer.index;
      failures = 0;
    } catch {
      if (signal.aborted || failures++ >= retries) return;
      index = 0;
      await delay(MONITOR_RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

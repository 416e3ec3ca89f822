import { setTimeout as delay } from 'node:timers/promises';
import type { ApiClient } from '../client.ts';
import { kvPath } from '../kv/pairs.ts';
import { type Held, type Hold, type HoldOptions, LOCK_DELAY_RETRY_MS, readPairs, waitFor, watchUntilLost } from './hold.ts';
import { openSession, type Session } from './session.ts';

/** Marks a key as a lock, so that nobody takes it for a semaphore or for data (Consul: api/lock.go). */
const LOCK_FLAGS = '3304740253564472344';

const CONFLICT = 'Existing key does not match lock use';

/** A key that one session holds at a time. */
export function mutex(key: string, options: HoldOptions): Hold {
  const path = kvPath(key);
  return {
    acquire: async (signal) => {
      const session = await openSession(options.api, options.sessionName);
      const got = await acquire(path, session, options, signal).catch(async (error: unknown) => {
        await session.close();
        throw error;
      });
      if (got) return hold(path, session, options);
      await session.close();
      return undefined;
    },
    cleanUp: () => cleanUp(path, options.api),
  };
}

async function acquire(path: string, session: Session, { api, timeoutMs }: HoldOptions, signal: AbortSignal): Promise<boolean> {
  const time = waitFor(timeoutMs);
  for (let index = 0; ; ) {
    const waitMs = time.next();
    if (signal.aborted || waitMs === undefined) return false;
    const { pairs, index: read } = await orAborted(
      signal,
      says('failed to read lock', readPairs(api, path, { recurse: false, index, waitMs, signal })),
    );
    const [pair] = pairs;
    if (pair && pair.Flags !== LOCK_FLAGS) throw new Error(CONFLICT);
    if (pair?.Session === session.id) return true;
    index = read;
    if (pair?.Session) continue;
    const query = { acquire: session.id, flags: LOCK_FLAGS };
    if ((await says('failed to acquire lock', api.expectOk('PUT', path, { query, raw: '' }))).includes('true')) return true;
    // Somebody was faster, whose release is to be waited for, or nobody may have it yet, which no query tells.
    const now = await says('failed to read lock', readPairs(api, path, { recurse: false, index: 0 }));
    index = now.index;
    if (!now.pairs[0]?.Session) await delay(Math.min(LOCK_DELAY_RETRY_MS, waitMs), undefined, { signal }).catch(() => undefined);
  }
}

function hold(path: string, session: Session, options: HoldOptions): Held {
  const done = new AbortController();
  return {
    lost: watchUntilLost(options, path, false, done.signal, ([pair]) => pair?.Session === session.id),
    release: async () => {
      done.abort();
      const query = { release: session.id, flags: LOCK_FLAGS };
      try {
        await says('failed to release lock', options.api.expectOk('PUT', path, { query, raw: '' }));
      } finally {
        await session.close();
      }
    },
  };
}

async function cleanUp(path: string, api: ApiClient): Promise<'done' | 'in use'> {
  const { pairs } = await says('failed to read lock', readPairs(api, path, { recurse: false, index: 0 }));
  const [pair] = pairs;
  if (!pair) return 'done';
  if (pair.Flags !== LOCK_FLAGS) throw new Error(CONFLICT);
  if (pair.Session) return 'in use';
  const query = { cas: String(pair.ModifyIndex) };
  return (await says('failed to remove lock', api.expectOk('DELETE', path, { query }))).includes('true') ? 'done' : 'in use';
}

/** Puts Consul's words before an error. */
export async function says<T>(what: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new Error(`${what}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** A query that was given up has no pairs: the loop that asked sees for itself that it is over. */
export function orAborted(signal: AbortSignal, work: ReturnType<typeof readPairs>): ReturnType<typeof readPairs> {
  return work.catch((error: unknown) => {
    if (signal.aborted) return { pairs: [], index: 0 };
    throw error;
  });
}

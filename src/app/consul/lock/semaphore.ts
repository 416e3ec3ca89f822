import { posix } from 'node:path';
import type { ApiClient } from '../client.ts';
import { type KvPair, kvPath, pairBytes } from '../kv/pairs.ts';
import { type Held, type Hold, type HoldOptions, readPairs, waitFor, watchUntilLost } from './hold.ts';
import { orAborted, says } from './mutex.ts';
import { openSession, type Session } from './session.ts';

/** Marks keys as parts of a semaphore (Consul: api/semaphore.go). */
const SEMAPHORE_FLAGS = '16210313421097356768';

/** The key below the prefix that says who holds a place; all that want one agree by it. */
export const LOCK_KEY = '.lock';

/** What that key holds, as JSON. */
interface Places {
  readonly limit: number;
  /** Ids of sessions. */
  readonly holders: ReadonlySet<string>;
  /** Of the key; 0 when there is none yet. */
  readonly index: number;
}

interface Where {
  readonly prefix: string;
  readonly limit: number;
}

/** A prefix below which so many sessions hold a place at a time. */
export function semaphore(prefix: string, limit: number, options: HoldOptions): Hold {
  const where: Where = { prefix, limit };
  return {
    acquire: async (signal) => {
      // What it keeps below the prefix goes with it.
      const session = await openSession(options.api, options.sessionName, 'delete');
      const got = await acquire(where, session, options, signal).catch(async (error: unknown) => {
        await session.close();
        throw error;
      });
      if (got) return hold(where, session, options);
      await session.close();
      return undefined;
    },
    cleanUp: () => cleanUp(where, options.api),
  };
}

async function acquire(where: Where, session: Session, { api, timeoutMs }: HoldOptions, signal: AbortSignal): Promise<boolean> {
  const contender = { acquire: session.id, flags: SEMAPHORE_FLAGS };
  const entry = api.expectOk('PUT', kvPath(posix.join(where.prefix, session.id)), { query: contender, raw: '' });
  if (!(await says('failed to make contender entry', entry)).includes('true')) throw new Error('failed to make contender entry: <nil>');
  const time = waitFor(timeoutMs);
  for (let index = 0; ; ) {
    const waitMs = time.next();
    if (signal.aborted || waitMs === undefined) return false;
    const read = says('failed to read prefix', readPairs(api, kvPath(where.prefix), { recurse: true, index, waitMs, signal }));
    const answer = await orAborted(signal, read);
    if (signal.aborted) return false;
    index = answer.index;
    const places = placesIn(answer.pairs, where);
    if (places.limit !== where.limit) throw new Error(`semaphore limit conflict (lock: ${places.limit}, local: ${where.limit})`);
    if (places.holders.size >= places.limit) continue;
    if (await write(api, where, { ...places, holders: new Set([...places.holders, session.id]) })) return true;
    // Somebody else has changed it meanwhile: read it again at once.
    index = 0;
  }
}

function hold(where: Where, session: Session, options: HoldOptions): Held {
  const done = new AbortController();
  const isHeld = (pairs: readonly KvPair[]): boolean => placesIn(pairs, where).holders.has(session.id);
  return {
    lost: watchUntilLost(options, kvPath(where.prefix), true, done.signal, isHeld),
    release: async () => {
      done.abort();
      try {
        await release(where, session.id, options.api);
      } finally {
        await session.close();
      }
    },
  };
}

async function release(where: Where, id: string, api: ApiClient): Promise<void> {
  for (;;) {
    const { pairs } = await readPairs(api, kvPath(posix.join(where.prefix, LOCK_KEY)), { recurse: false, index: 0 });
    const places = decode(pairs[0], where);
    if (!places.holders.has(id)) break;
    const others = new Set(Array.from(places.holders).filter((holder) => holder !== id));
    if (await write(api, where, { ...places, holders: others })) break;
  }
  await api.expectOk('DELETE', kvPath(posix.join(where.prefix, id)));
}

async function cleanUp(where: Where, api: ApiClient): Promise<'done' | 'in use'> {
  const { pairs } = await says('failed to read prefix', readPairs(api, kvPath(where.prefix), { recurse: true, index: 0 }));
  const places = placesIn(pairs, where);
  if (places.index === 0) return 'done';
  if (places.holders.size > 0) return 'in use';
  const path = kvPath(posix.join(where.prefix, LOCK_KEY));
  const removed = api.expectOk('DELETE', path, { query: { cas: String(places.index) } });
  return (await says('failed to remove semaphore', removed)).includes('true') ? 'done' : 'in use';
}

/** Without those whose sessions have ended: their own keys are free. Throws an Error when the keys are used for something else. */
function placesIn(pairs: readonly KvPair[], where: Where): Places {
  const places = decode(
    pairs.find(({ Key }) => Key === posix.join(where.prefix, LOCK_KEY)),
    where,
  );
  const alive = new Set(pairs.map(({ Session }) => Session));
  return { ...places, holders: new Set(Array.from(places.holders).filter((id) => alive.has(id))) };
}

function decode(pair: KvPair | undefined, { limit }: Where): Places {
  if (!pair) return { limit, holders: new Set(), index: 0 };
  if (pair.Flags !== SEMAPHORE_FLAGS) throw new Error('Existing key does not match semaphore use');
  if (!pair.Value) return { limit, holders: new Set(), index: pair.ModifyIndex };
  const { Limit, Holders } = JSON.parse(pairBytes(pair).toString()) as { Limit: number; Holders: Record<string, boolean> | null };
  return { limit: Limit, holders: new Set(Object.keys(Holders ?? {})), index: pair.ModifyIndex };
}

async function write(api: ApiClient, { prefix }: Where, { limit, holders, index }: Places): Promise<boolean> {
  const Holders = Object.fromEntries(Array.from(holders, (id) => [id, true]));
  const query = { cas: String(index), flags: SEMAPHORE_FLAGS };
  const raw = JSON.stringify({ Limit: limit, Holders });
  const written = api.expectOk('PUT', kvPath(posix.join(prefix, LOCK_KEY)), { query, raw });
  return (await says('failed to update lock', written)).includes('true');
}

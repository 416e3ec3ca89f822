import { parseDuration } from '../base/duration.ts';
import { messageOf } from '../base/errors.ts';
import type { Clock, Log } from '../base/ports.ts';
import type { Datacenter } from '../catalog/datacenter.ts';
import { changeKeys, tablePrefix } from '../catalog/keys.ts';
import type { SessionOp } from '../catalog/sessions.ts';
import { datacenter, type Snapshot } from '../catalog/snapshot.ts';
import type { Session } from '../catalog/types.ts';
import type { Change, Committed } from './registry.ts';

export interface SessionTimersOptions {
  readonly clock: Clock;
  readonly log: Log;
  commit(ops: readonly SessionOp[]): Promise<Committed>;
}

interface Deadline {
  readonly dc: string;
  readonly id: string;
  /** Milliseconds of the clock. */
  at: number;
}

/** Consul waits twice as long as the session asked for: a renewal that is under way is not to come too late. */
const TTL_FACTOR = 2;
/** When the end of a session could not be written (the disk is full), it is tried again. */
const RETRY_MS = 1000;

/**
 * What sessions have to do with time: those with a TTL end when they are not renewed, and for a while after a session has ended
 * its keys can't be locked. Nothing of this is stored: after a restart every TTL begins anew, and no key waits any more.
 */
export class SessionTimers implements AsyncDisposable {
  readonly #options: SessionTimersOptions;
  /** When each session ends, in milliseconds of the clock, by datacenter and id. */
  readonly #deadlines = new Map<string, Deadline>();
  /** Until when a key can't be locked, by datacenter and key. */
  readonly #delays = new Map<string, number>();
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;
  #sleep: { readonly until: number; readonly wake: AbortController } | undefined;

  constructor(options: SessionTimersOptions, snapshot: Snapshot) {
    this.#options = options;
    this.restart(snapshot);
  }

  /** All TTLs begin anew: with the agent, and with a snapshot that was restored. */
  restart(snapshot: Snapshot): void {
    this.#deadlines.clear();
    for (const { name: dc, sessions } of snapshot.datacenters.values()) for (const session of sessions.values()) this.#start(dc, session);
  }

  renew(dc: string, session: Session): void {
    this.#start(dc, session);
  }

  isLockDelayed(dc: string, key: string): boolean {
    const until = this.#delays.get(nameOf(dc, key));
    if (until === undefined) return false;
    if (until > this.#options.clock.now()) return true;
    this.#delays.delete(nameOf(dc, key));
    return false;
  }

  /** To be called after every change. */
  follow({ before, after, changed }: Change): void {
    for (const { name: dc } of new Map([...before.datacenters, ...after.datacenters]).values()) {
      const were = datacenter(before, dc);
      const are = datacenter(after, dc);
      if (were.sessions === are.sessions) continue;
      const prefix = `${changeKeys.all(dc, 'session')}/`;
      for (const key of changed) {
        if (!key.startsWith(prefix)) continue;
        const id = key.slice(key.lastIndexOf('/') + 1);
        const present = are.sessions.get(id);
        if (present) this.#start(dc, present);
        else this.#end(were, id);
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    this.#sleep?.wake.abort();
    await this.#running;
  }

  #start(dc: string, session: Session): void {
    const ttl = parseDuration(session.TTL);
    if (!ttl.ok || ttl.ns <= 0) return;
    const at = this.#options.clock.now() + (TTL_FACTOR * ttl.ns) / 1e6;
    this.#deadlines.set(nameOf(dc, session.ID), { dc, id: session.ID, at });
    if (this.#sleep && this.#sleep.until > at) this.#sleep.wake.abort();
    this.#running ??= this.#run();
  }

  #end(tables: Datacenter, id: string): void {
    this.#deadlines.delete(nameOf(tables.name, id));
    const delayMs = (tables.sessions.get(id)?.LockDelay ?? 0) / 1e6;
    if (delayMs <= 0) return;
    const now = this.#options.clock.now();
    for (const [name, until] of this.#delays) if (until <= now) this.#delays.delete(name);
    for (const [, { Key }] of tables.locks.withPrefix(tablePrefix(id))) this.#delays.set(nameOf(tables.name, Key), now + delayMs);
  }

  /** One sleeper for all: a renewal only moves a deadline, and whoever wakes too early sleeps again. */
  async #run(): Promise<void> {
    while (this.#deadlines.size > 0 && !this.#stop.signal.aborted) {
      const now = this.#options.clock.now();
      const due = [...this.#deadlines.values()].filter(({ at }) => at <= now);
      for (const deadline of due) await this.#expire(deadline);
      await this.#sleepUntil(Math.min(...Array.from(this.#deadlines.values(), ({ at }) => at)));
    }
    this.#running = undefined;
  }

  async #expire(deadline: Deadline): Promise<void> {
    const { clock, log } = this.#options;
    try {
      await this.#options.commit([{ type: 'session-destroy', dc: deadline.dc, id: deadline.id }]);
      this.#deadlines.delete(nameOf(deadline.dc, deadline.id));
    } catch (error) {
      log.log('warn', 'the end of a session could not be written', { session: deadline.id, error: messageOf(error) });
      deadline.at = clock.now() + RETRY_MS;
    }
  }

  async #sleepUntil(until: number): Promise<void> {
    const wake = new AbortController();
    if (!Number.isFinite(until) || this.#stop.signal.aborted) return;
    this.#sleep = { until, wake };
    const { clock } = this.#options;
    await clock.sleep(Math.max(0, until - clock.now()), wake.signal).catch(() => undefined);
    this.#sleep = undefined;
  }
}

const nameOf = (dc: string, name: string): string => `${dc}/${name}`;

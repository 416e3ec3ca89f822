import { messageOf } from '../../base/errors.ts';
import type { Clock, Log, Random } from '../../base/ports.ts';
import type { Watch } from '../../base/watch.ts';
import { changeKeys } from '../../catalog/keys.ts';
import * as queries from '../../catalog/queries.ts';
import { datacenter, type Snapshot } from '../../catalog/snapshot.ts';
import type { ChangeKey, Check, CheckRun, CheckStatus, Op, Unindexed } from '../../catalog/types.ts';
import type { CheckTuning } from '../agent/tuning.ts';
import { aliasOutcome } from './alias.ts';
import { beginning, outputLimit, type Probe } from './outcome.ts';
import { probeOf } from './probes.ts';
import { Schedule } from './schedule.ts';
import { judge, NO_STREAK, type Streak } from './thresholds.ts';

export interface ChecksOptions {
  readonly snapshot: Watch<Snapshot>;
  commit(ops: readonly Op[]): Promise<unknown>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  tuning(): CheckTuning;
  /** A service was critical for as long as it may be. */
  reap(dc: string, node: string, serviceId: string): Promise<void>;
  /** Instead of the real ones. */
  readonly probeOf?: (run: CheckRun) => Probe | undefined;
}

/** Where a check is. */
export interface CheckRef {
  readonly dc: string;
  readonly node: string;
  readonly id: string;
}

interface Running extends CheckRef {
  readonly key: string;
  readonly run: CheckRun;
  readonly probe: Probe | undefined;
  readonly serviceId: string;
  /** What was asked for last: a commit takes a while, and a state that comes back meanwhile has to be written too. */
  status: CheckStatus;
  output: string;
  streak: Streak;
  criticalSince: number | undefined;
  /** Made with the first attempt: a check that waits for reports has nothing to abort. */
  stopped: AbortController | undefined;
  watches: readonly ChangeKey[];
}

/** Consul: no check is made more often than once a second. */
const MIN_INTERVAL_MS = 1000;
/** Consul's check_reap_interval and check_deregister_interval_min. */
const REAP_INTERVAL_MS = 30_000;
const MIN_REAP_MS = 60_000;
const REAP = 'reap';

/** A reason of our own: the one that Node makes costs as much as the rest of a registration. */
const STOPPED = new Error('the check is stopped');

/** Makes the checks that agents were asked to make, and writes what it finds into the catalog. */
export class Checks {
  readonly #options: ChecksOptions;
  readonly #schedule: Schedule;
  readonly #running = new Map<string, Running>();
  /** Checks that follow others, by what may change those. */
  readonly #followers = new Map<ChangeKey, Set<Running>>();

  readonly #following = new Set<Promise<void>>();

  constructor(options: ChecksOptions) {
    this.#options = options;
    this.#schedule = new Schedule(options.clock);
  }

  /** Goes on with every check that is in the catalog. */
  restore(): void {
    const { value: snapshot } = this.#options.snapshot;
    for (const dc of queries.datacenterNames(snapshot)) {
      for (const check of datacenter(snapshot, dc).checks.values()) if (check.Run) void this.start(dc, check);
    }
  }

  get count(): { readonly ttls: number; readonly monitors: number } {
    let ttls = 0;
    for (const { run } of this.#running.values()) if ((run.TTL ?? 0) > 0) ttls++;
    return { ttls, monitors: this.#running.size - ttls };
  }

  /** In place of one of the same id. It has to be in the catalog. Resolves when what it follows, if it does, is known there. */
  async start(dc: string, row: Unindexed<Check>): Promise<void> {
    const ref = { dc, node: row.Node, id: row.CheckID };
    this.stop(ref);
    if (!row.Run) return;
    const { outputMaxSize } = this.#options.tuning();
    const run = { ...row.Run, OutputMaxSize: Math.min(row.Run.OutputMaxSize || outputMaxSize, outputMaxSize) };
    const running: Running = {
      ...ref,
      key: keyOf(ref),
      run,
      probe: (this.#options.probeOf ?? probeOf)(run),
      serviceId: row.ServiceID,
      status: row.Status,
      output: row.Output,
      streak: NO_STREAK,
      criticalSince: row.Status === 'critical' ? this.#options.clock.now() : undefined,
      stopped: undefined,
      watches: [],
    };
    this.#running.set(running.key, running);
    const { Interval = 0, TTL = 0, DeregisterCriticalServiceAfter = 0 } = row.Run;
    if (TTL > 0) this.#expect(running);
    else if (running.probe) this.#plan(running, this.#options.random.next() * Math.max(MIN_INTERVAL_MS, Interval / 1e6));
    if (DeregisterCriticalServiceAfter > 0 && !this.#schedule.has(REAP)) this.#schedule.in(REAP, REAP_INTERVAL_MS, () => this.#reap());
    if (TTL === 0 && !running.probe) await this.#follow(running);
  }

  stop(ref: CheckRef): void {
    const running = this.#running.get(keyOf(ref));
    if (!running) return;
    running.stopped?.abort(STOPPED);
    this.#running.delete(running.key);
    this.#schedule.cancel(running.key);
    this.#schedule.cancel(outputKey(running.key));
    this.#unfollow(running);
  }

  /** Makes it now, and from then on as before. */
  hurry(ref: CheckRef): void {
    const running = this.#running.get(keyOf(ref));
    if (running?.probe) this.#plan(running, 0);
  }

  isTtl(ref: CheckRef): boolean {
    return (this.#running.get(keyOf(ref))?.run.TTL ?? 0) > 0;
  }

  /** Whoever the check is about says how it is. Resolves when that is in the catalog. False: it is no such check. */
  async report(ref: CheckRef, status: CheckStatus, output: string): Promise<boolean> {
    const running = this.#running.get(keyOf(ref));
    if (!running || !this.isTtl(ref)) return false;
    this.#expect(running);
    await this.#show(running, status, beginning(output, outputLimit(running.run)));
    return true;
  }

  /** What was seen last, which may not be in the catalog yet. */
  outputOf(ref: CheckRef): string | undefined {
    return this.#running.get(keyOf(ref))?.output;
  }

  /** Something changed in the catalog. */
  follow(changed: ReadonlySet<ChangeKey>): void {
    if (this.#followers.size === 0) return;
    const concerned = new Set<Running>();
    for (const key of changed) for (const running of this.#followers.get(key) ?? []) concerned.add(running);
    for (const running of concerned) {
      const following = this.#follow(running).finally(() => this.#following.delete(following));
      this.#following.add(following);
    }
  }

  /** Resolves when whoever follows something that has just changed is in the catalog, too. */
  async followed(): Promise<void> {
    await Promise.all(this.#following);
  }

  close(): void {
    this.#schedule.close();
    for (const running of this.#running.values()) running.stopped?.abort();
    this.#running.clear();
    this.#followers.clear();
  }

  #plan(running: Running, ms: number): void {
    this.#schedule.in(running.key, ms, () => void this.#make(running));
  }

  async #make(running: Running): Promise<void> {
    if (!this.#isWanted(running)) return this.stop(running);
    running.stopped ??= new AbortController();
    const { signal } = running.stopped;
    try {
      const { status, output } = await running.probe!(running.run, signal);
      if (signal.aborted) return;
      const { streak, show } = judge(running.streak, running.run, status);
      running.streak = streak;
      if (show !== undefined) void this.#show(running, show, output);
    } catch (error) {
      this.#options.log.log('error', 'a check could not be made', { check: running.id, error: messageOf(error) });
    }
    if (!signal.aborted) this.#plan(running, Math.max(MIN_INTERVAL_MS, (running.run.Interval ?? 0) / 1e6));
  }

  /** Critical unless somebody reports in time. */
  #expect(running: Running): void {
    this.#schedule.in(running.key, (running.run.TTL ?? 0) / 1e6, () => {
      if (!this.#isWanted(running)) return this.stop(running);
      const before = running.output === '' ? 'TTL expired' : `TTL expired (last output before timeout follows): ${running.output}`;
      void this.#show(running, 'critical', before);
    });
  }

  async #follow(running: Running): Promise<void> {
    const { snapshot } = this.#options;
    if (!this.#isWanted(running)) return this.stop(running);
    const { status, output } = aliasOutcome(snapshot.value, { ...running, checkId: running.id });
    this.#watch(running, this.#keysOf(running));
    await this.#show(running, status, output);
  }

  /** A service that is there has a key of its own; one that isn't comes with a change of its node. */
  #keysOf({ dc, node, run }: Running): ChangeKey[] {
    const at = run.AliasNode || node;
    const service = run.AliasService ? queries.serviceById(this.#options.snapshot.value, dc, at, run.AliasService) : undefined;
    return [service ? changeKeys.service(dc, service.Service) : changeKeys.node(dc, at)];
  }

  #watch(running: Running, keys: readonly ChangeKey[]): void {
    if (keys.length === running.watches.length && keys.every((key, i) => key === running.watches[i])) return;
    this.#unfollow(running);
    running.watches = keys;
    for (const key of keys) {
      const followers = this.#followers.get(key) ?? new Set();
      followers.add(running);
      this.#followers.set(key, followers);
    }
  }

  #unfollow(running: Running): void {
    for (const key of running.watches) {
      const followers = this.#followers.get(key);
      followers?.delete(running);
      if (followers?.size === 0) this.#followers.delete(key);
    }
    running.watches = [];
  }

  async #show(running: Running, status: CheckStatus, seen: string): Promise<void> {
    const { discardOutput, updateIntervalMs } = this.#options.tuning();
    const output = discardOutput ? '' : seen;
    const sameStatus = running.status === status;
    if (sameStatus && running.output === output) return;
    const isFirst = running.output === '';
    running.output = output;
    const late = outputKey(running.key);
    // An output that changes while the status stays is no news.
    if (sameStatus && !isFirst && updateIntervalMs > 0) {
      const wait = updateIntervalMs * (0.5 + this.#options.random.next() / 2);
      if (!this.#schedule.has(late)) this.#schedule.in(late, wait, () => void this.#write(running));
      return;
    }
    running.status = status;
    if (!sameStatus) running.criticalSince = status === 'critical' ? this.#options.clock.now() : undefined;
    this.#schedule.cancel(late);
    await this.#write(running);
  }

  async #write({ dc, node, id, status, output }: Running): Promise<void> {
    try {
      await this.#options.commit([{ type: 'check-status', dc, node, checkId: id, status, output }]);
    } catch (error) {
      this.#options.log.log('error', 'the state of a check could not be written', { check: id, error: messageOf(error) });
    }
  }

  /** Others may have removed it from the catalog, or put one of theirs in its place. */
  #isWanted({ dc, node, id }: Running): boolean {
    return queries.check(this.#options.snapshot.value, dc, node, id)?.Run !== undefined;
  }

  #reap(): void {
    const now = this.#options.clock.now();
    let watched = false;
    for (const { dc, node, id, run, serviceId, criticalSince } of this.#running.values()) {
      const { DeregisterCriticalServiceAfter: after = 0 } = run;
      if (after === 0 || serviceId === '') continue;
      watched = true;
      if (criticalSince === undefined || now - criticalSince < Math.max(MIN_REAP_MS, after / 1e6)) continue;
      this.#options.log.log('info', 'a service was critical for too long and is deregistered', { service: serviceId, check: id });
      this.#options.reap(dc, node, serviceId).catch((error: unknown) => {
        this.#options.log.log('error', 'a critical service could not be deregistered', { service: serviceId, error: messageOf(error) });
      });
    }
    if (watched) this.#schedule.in(REAP, REAP_INTERVAL_MS, () => this.#reap());
  }
}

const keyOf = ({ dc, node, id }: CheckRef): string => `${dc}/${node}/${id}`.toLowerCase();
const outputKey = (key: string): string => `${key}\noutput`;

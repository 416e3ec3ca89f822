import type { MetricsFormat } from '../../base/metrics-format.ts';
import { type ForwardConfig, identitiesOf, type ProxyConfig, type TapFilter } from '../../compile/proxy-config.ts';
import { mergeMetrics } from './merge-metrics.ts';
import type { CountedTraffic, Session, TapListener, Target } from './session.ts';
import { workerOf } from './workers.ts';

/**
 * The connections of a data plane that is spread over several processes, as one. Each has the proxies and forwards that are its
 * own by their id, with the leaves of those, and nothing else.
 */
export class Sessions {
  /** By worker. */
  readonly #sessions: (Session | undefined)[];

  constructor(workers: number) {
    this.#sessions = Array.from({ length: workers }, () => undefined);
  }

  set(worker: number, session: Session | undefined): void {
    this.#sessions[worker] = session;
  }

  at(worker: number): Session | undefined {
    return this.#sessions[worker];
  }

  /** Whose a proxy or forward is; undefined while that process isn't connected. */
  of(id: string): Session | undefined {
    return this.#sessions[workerOf(id, this.#sessions.length)];
  }

  /** Those that are connected, by worker. */
  get all(): readonly Session[] {
    return this.#sessions.filter((session) => session !== undefined);
  }

  get connected(): boolean {
    return !this.#sessions.includes(undefined);
  }

  get settled(): boolean {
    return this.connected && this.all.every(({ settled }) => settled);
  }

  /** By proxy or forward id. */
  get errors(): Readonly<Record<string, string>> {
    return Object.assign({}, ...this.all.map(({ errors }) => errors)) as Record<string, string>;
  }

  bringTo(target: Target): void {
    for (const [worker, session] of this.#sessions.entries()) session?.bringTo(this.#share(target, worker));
  }

  /** One process gave addresses back: what another could not bind may be bound now. */
  released(by: Session): void {
    for (const session of this.all) if (session !== by && Object.keys(session.errors).length > 0) session.again();
  }

  async metrics(format: MetricsFormat, proxy: string | undefined, signal: AbortSignal): Promise<string> {
    const texts = await Promise.all(this.all.map((session) => session.metrics(format, proxy, signal)));
    return texts.length === 1 ? texts[0]! : mergeMetrics(texts);
  }

  /** Of those that are connected. */
  async traffic(signal: AbortSignal): Promise<CountedTraffic> {
    const all = await Promise.all(this.all.map((session) => session.traffic(signal)));
    return { boundsMs: all[0]?.boundsMs ?? [], flows: all.flatMap(({ flows }) => flows) };
  }

  async tap(filter: TapFilter, listener: TapListener, signal: AbortSignal): Promise<void> {
    const broken = new AbortController();
    const either = AbortSignal.any([signal, broken.signal]);
    try {
      await Promise.all(this.all.map((session) => session.tap(filter, listener, either)));
    } finally {
      broken.abort();
    }
  }

  async settle(signal: AbortSignal): Promise<void> {
    await Promise.all(this.all.map((session) => session.settle(signal)));
  }

  #share(target: Target, worker: number): Target {
    const workers = this.#sessions.length;
    if (workers === 1) return target;
    const own = <T extends ProxyConfig | ForwardConfig>(all: ReadonlyMap<string, T>) =>
      new Map([...all].filter(([id]) => workerOf(id, workers) === worker));
    const proxies = own(target.proxies);
    const identities = new Set([...proxies.values()].flatMap(identitiesOf));
    const leaves = new Map([...target.leaves].filter(([identity]) => identities.has(identity)));
    return { ...target, proxies, forwards: own(target.forwards), leaves };
  }
}

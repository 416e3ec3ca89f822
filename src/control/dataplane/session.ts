import type { DeniedCall } from '../../api/denial.ts';
import type { Traffic } from '../../api/traffic.ts';
import type { MetricsFormat } from '../../base/metrics-format.ts';
import type {
  DataplaneCommand,
  DataplaneReport,
  DataplaneUpdate,
  ForwardConfig,
  LeafCertificate,
  ProbeOutcome,
  ProxyConfig,
  TapFilter,
  TappedRequest,
} from '../../compile/proxy-config.ts';
import { sameForward } from './desired.ts';

/** Everything that a data plane needs, whole. */
export interface Target {
  readonly index: number;
  readonly proxies: ReadonlyMap<string, ProxyConfig>;
  readonly forwards: ReadonlyMap<string, ForwardConfig>;
  readonly leaves: ReadonlyMap<string, LeafCertificate>;
  readonly roots: readonly string[];
}

interface Sent {
  readonly index: number;
  /** It may have given addresses back. */
  readonly releases: boolean;
  /** By id. */
  readonly hashes: ReadonlyMap<string, string>;
  readonly removed: readonly string[];
}

/** `dropped`: how many requests came too fast since the last time. */
export type TapListener = (requests: readonly TappedRequest[], dropped: number) => void;

export type CountedTraffic = Pick<Traffic, 'boundsMs' | 'flows'>;

interface Tap {
  readonly listener: TapListener;
  readonly broken: (error: Error) => void;
}

const NO_CHANGE = { full: false, proxies: [], removedProxies: [], forwards: [], removedForwards: [], leaves: [] };

/** What is told of a data plane to who watches it. */
export interface Told {
  /** It has another configuration of these proxies, or has tried to. */
  readonly served: (proxies: readonly string[], index: number) => void;
  readonly denied: (calls: readonly DeniedCall[]) => void;
}

/**
 * One connection of a data plane: knows what was sent and what was acknowledged, and sends differences.
 * Updates are numbered by the catalog, but several can have one index (hosting, forwards, leaves change without the
 * catalog), so acknowledgements are matched in order.
 */
export class Session {
  readonly #send: (command: DataplaneCommand) => void;
  readonly #told: Told;
  readonly #questions = new Map<number, { resolve: (answer: unknown) => void; reject: (e: Error) => void }>();
  readonly #proxies = new Map<string, { readonly index: number; readonly hash: string }>();
  readonly #forwards = new Map<string, ForwardConfig>();
  readonly #leaves = new Map<string, string>();
  #roots: readonly string[] | undefined;
  #unacknowledged: Sent[] = [];
  readonly #drained = new Set<string>();
  /** Pieces of answers that have not come to their end. */
  readonly #pieces = new Map<number, unknown[]>();
  readonly #taps = new Map<number, Tap>();
  #nextQuestion = 1;

  /** Of the peer, once it has said hello. */
  pid: number | undefined;
  version: string | undefined;
  readonly #acknowledged = new Map<string, { readonly index: number; readonly hash: string }>();
  /** What it could not bind, by proxy or forward id, as of the last acknowledgement. */
  errors: Readonly<Record<string, string>> = {};
  #index = 0;

  constructor(send: (command: DataplaneCommand) => void, told: Told) {
    this.#send = send;
    this.#told = told;
  }

  /** Index and hash that the data plane serves, by proxy. */
  get acknowledged(): ReadonlyMap<string, { readonly index: number; readonly hash: string }> {
    return this.#acknowledged;
  }

  get settled(): boolean {
    return this.#roots !== undefined && this.#unacknowledged.length === 0;
  }

  /** Index of the configuration last sent for a proxy. */
  sentIndex(id: string): number | undefined {
    return this.#proxies.get(id)?.index;
  }

  /** Whether a proxy that was sent as leaving has nothing open any more. */
  isDrained(id: string): boolean {
    return this.#drained.has(id);
  }

  /** Sends what the data plane doesn't have yet; everything on the first call. Sends nothing when there is nothing. */
  bringTo(target: Target): void {
    const full = this.#roots === undefined;
    const proxies = [...target.proxies.values()].filter((proxy) => this.#proxies.get(proxy.id)?.hash !== proxy.hash);
    const forwards = [...target.forwards.values()].filter((forward) => !sameForward(this.#forwards.get(forward.id), forward));
    const leaves = [...target.leaves.values()].filter((leaf) => this.#leaves.get(leaf.identity) !== leaf.certPem);
    const removedProxies = [...this.#proxies.keys()].filter((id) => !target.proxies.has(id));
    const removedForwards = [...this.#forwards.keys()].filter((id) => !target.forwards.has(id));
    const newRoots = full || target.roots.join('') !== this.#roots?.join('');
    const lists = [proxies, forwards, leaves, removedProxies, removedForwards];
    if (!full && !newRoots && lists.every((list) => list.length === 0)) return;

    for (const id of removedProxies) this.#proxies.delete(id);
    for (const id of [...removedProxies, ...proxies.map((proxy) => proxy.id)]) this.#drained.delete(id);
    for (const proxy of proxies) this.#proxies.set(proxy.id, { index: target.index, hash: proxy.hash });
    for (const id of removedForwards) this.#forwards.delete(id);
    for (const forward of forwards) this.#forwards.set(forward.id, forward);
    for (const leaf of leaves) this.#leaves.set(leaf.identity, leaf.certPem);
    // What the data plane has forgotten by now is sent again when it is needed again.
    if (this.#leaves.size > target.leaves.size)
      for (const identity of this.#leaves.keys()) if (!target.leaves.has(identity)) this.#leaves.delete(identity);
    this.#roots = target.roots;
    // First everybody trusts a new root, then the first of them shows a leaf of it.
    const rootsFirst = newRoots && !full && leaves.length > 0;
    if (rootsFirst) this.#update({ ...NO_CHANGE, index: target.index, roots: target.roots });
    const differences = { index: target.index, full, proxies, removedProxies, forwards, removedForwards, leaves };
    this.#update({ ...differences, ...(newRoots && !rootsFirst ? { roots: target.roots } : {}) });
  }

  /** Has it try once more to bind what it could not. */
  again(): void {
    this.#update({ ...NO_CHANGE, index: this.#index });
  }

  #update(update: Omit<DataplaneUpdate, 'type'>): void {
    this.#index = update.index;
    const { proxies, removedProxies, removedForwards } = update;
    const releases = proxies.length + removedProxies.length + removedForwards.length > 0;
    const hashes = new Map(proxies.map(({ id, hash }) => [id, hash]));
    this.#unacknowledged.push({ index: update.index, releases, hashes, removed: removedProxies });
    this.#send({ type: 'update', ...update });
  }

  /** True when addresses may have become free. */
  receive(report: DataplaneReport): boolean {
    switch (report.type) {
      case 'hello':
        this.pid = report.pid;
        this.version = report.version;
        break;
      case 'ack': {
        const sent = this.#unacknowledged.shift();
        if (sent?.index !== report.index) throw new Error(`acknowledged index ${report.index}, expected ${sent?.index ?? 'nothing'}`);
        for (const id of sent.removed) this.#acknowledged.delete(id);
        for (const [id, hash] of sent.hashes) this.#acknowledged.set(id, { index: sent.index, hash });
        this.errors = report.errors;
        this.#told.served([...sent.hashes.keys()], sent.index);
        return sent.releases;
      }
      case 'drained':
        this.#drained.add(report.proxy);
        break;
      case 'settled':
        this.#answer(report.id, undefined);
        break;
      case 'probe-result':
        this.#answer(report.id, report.upstreams);
        break;
      case 'metrics':
        this.#piece(report.id, report.text, report.more);
        break;
      case 'traffic':
        this.#piece(report.id, report, report.more);
        break;
      case 'tapped':
        this.#taps.get(report.id)?.listener(report.requests, report.dropped);
        break;
      case 'denied':
        this.#told.denied(report.calls);
        break;
    }
    return false;
  }

  /** Outcome by upstream. Rejects when the connection ends, or with the signal's reason. */
  async probe(proxy: string, signal: AbortSignal): Promise<Readonly<Record<string, ProbeOutcome>>> {
    return (await this.#ask((id) => ({ type: 'probe', id, proxy }), signal)) as Readonly<Record<string, ProbeOutcome>>;
  }

  /** Resolves when nothing is under way any more to what forwards have lost. Rejects like `probe`. */
  async settle(signal: AbortSignal): Promise<void> {
    await this.#ask((id) => ({ type: 'settle', id }), signal);
  }

  /** Text of what has been counted, of all sidecars or of one. Rejects like `probe`. */
  async metrics(format: MetricsFormat, proxy: string | undefined, signal: AbortSignal): Promise<string> {
    const texts = await this.#ask((id) => ({ type: 'metrics', id, format, ...(proxy === undefined ? {} : { proxy }) }), signal);
    return (texts as readonly string[]).join('');
  }

  /** What all sidecars have counted, by who has called whom. Rejects like `probe`. */
  async traffic(signal: AbortSignal): Promise<CountedTraffic> {
    const pieces = (await this.#ask((id) => ({ type: 'traffic', id }), signal)) as readonly CountedTraffic[];
    return { boundsMs: pieces[0]!.boundsMs, flows: pieces.flatMap(({ flows }) => flows) };
  }

  /** Tells of requests until the signal, and resolves then; rejects when the connection ends. */
  tap(filter: TapFilter, listener: TapListener, signal: AbortSignal): Promise<void> {
    const id = this.#nextQuestion++;
    return new Promise((resolve, reject) => {
      if (signal.aborted) return resolve();
      const stop = (): void => {
        this.#taps.delete(id);
        this.#send({ type: 'untap', id });
        resolve();
      };
      signal.addEventListener('abort', stop, { once: true });
      const broken = (error: Error): void => {
        signal.removeEventListener('abort', stop);
        reject(error);
      };
      this.#taps.set(id, { listener, broken });
      this.#send({ type: 'tap', id, filter });
    });
  }

  #piece(id: number, piece: unknown, more: boolean): void {
    if (!this.#questions.has(id)) {
      this.#pieces.delete(id);
      return;
    }
    const pieces = [...(this.#pieces.get(id) ?? []), piece];
    if (more) this.#pieces.set(id, pieces);
    else {
      this.#pieces.delete(id);
      this.#answer(id, pieces);
    }
  }

  #ask(question: (id: number) => DataplaneCommand, signal: AbortSignal): Promise<unknown> {
    const id = this.#nextQuestion++;
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const abort = (): void => {
        this.#questions.delete(id);
        reject(signal.reason);
      };
      signal.addEventListener('abort', abort, { once: true });
      const settled = <A>(settle: (value: A) => void) => {
        return (value: A): void => {
          signal.removeEventListener('abort', abort);
          settle(value);
        };
      };
      this.#questions.set(id, { resolve: settled(resolve), reject: settled(reject) });
      this.#send(question(id));
    });
  }

  #answer(id: number, answer: unknown): void {
    this.#questions.get(id)?.resolve(answer);
    this.#questions.delete(id);
  }

  end(): void {
    const error = new Error('the data plane hung up');
    for (const question of this.#questions.values()) question.reject(error);
    this.#questions.clear();
    for (const tap of this.#taps.values()) tap.broken(error);
    this.#taps.clear();
  }
}

import { chmod, unlink } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { MeshError, messageOf } from '../../base/errors.ts';
import type { MetricsFormat } from '../../base/metrics-format.ts';
import type { Log } from '../../base/ports.ts';
import { until, type Watch, Watchable } from '../../base/watch.ts';
import {
  type DataplaneCommand,
  type DataplaneReport,
  type ForwardConfig,
  identitiesOf,
  type ProbeOutcome,
  type ProxyConfig,
  type TapFilter,
} from '../../compile/proxy-config.ts';
import type { Authority } from '../ca/authority.ts';
import type { Change } from '../registry.ts';
import { DeniedCalls } from './denied-calls.ts';
import type { DesiredState, HostOptions } from './desired.ts';
import { jsonLines } from './ndjson.ts';
import { type CountedTraffic, Session, type TapListener, type Told } from './session.ts';
import { Sessions } from './sessions.ts';
import { workerSocket } from './workers.ts';

/** What the data plane serves, as far as the control plane knows. */
export interface DataplaneStatus {
  readonly connected: boolean;
  readonly pid?: number;
  /** Of all its processes, where there are several. */
  readonly pids?: readonly number[];
  readonly version?: string;
  /** Catalog index that everything served is at; 0 as long as nothing was acknowledged. */
  readonly ackedIndex: number;
  /** By proxy id, all hosted ones. */
  readonly proxies: Readonly<Record<string, ProxyStatus>>;
  /** Addresses that a forward could not bind, by forward id. */
  readonly forwardErrors: Readonly<Record<string, string>>;
  /** Why the last update as a whole could not be applied. */
  readonly error?: string;
}

export interface ProxyStatus {
  /** Catalog index of the newest configuration; 0 as long as there is none. */
  readonly configIndex: number;
  /** Catalog index of the configuration that the data plane serves; 0 as long as it serves none. */
  readonly ackedIndex: number;
  /** Why it doesn't serve, or not what it should. */
  readonly error?: string;
}

/** One data plane, as the link sees it. */
export interface Connection {
  receive(report: DataplaneReport): void;
  /** It says nothing any more. */
  end(): void;
}

/** A certificate of sidecars and gateways, without its key. */
export interface ShownCertificate {
  /** SPIFFE id, or the name of a certificate that a user gave (see `isGiven`). */
  readonly identity: string;
  readonly certPem: string;
  /** Ids of the proxies that show it. */
  readonly proxies: readonly string[];
}

/** Longest path of a Unix socket that every system takes. */
const MAX_SOCKET_PATH = 103;

/** Keeps one data plane at what is desired, of one process or of several: of each, the newest connection is the one that counts. */
export class DataplaneLink implements AsyncDisposable {
  /** What rules have refused, as long as it is remembered. */
  readonly denied = new DeniedCalls();
  /** Told of proxies that serve another configuration, or have tried to: what they could not bind is in the status by then. */
  onServed: Told['served'] = () => undefined;
  readonly #desired: DesiredState;
  readonly #authority: Authority;
  readonly #log: Log;
  readonly #status: Watchable<DataplaneStatus>;
  readonly #closers: (() => Promise<void>)[] = [];
  readonly #workers: number;
  readonly #sessions: Sessions;
  /** By worker. */
  readonly #hangUps = new Map<number, () => void>();
  #ackedIndex = 0;

  constructor(desired: DesiredState, authority: Authority, log: Log, workers = 1) {
    this.#workers = workers;
    this.#sessions = new Sessions(workers);
    this.#desired = desired;
    this.#authority = authority;
    this.#log = log;
    this.#status = new Watchable(this.#describe());
  }

  get status(): Watch<DataplaneStatus> {
    return this.#status;
  }

  /** See `DesiredState.prepare`. */
  prepare(change: Change): void {
    this.#desired.prepare(change);
  }

  follow(change: Change): void {
    if (this.#desired.follow(change)) this.push();
    // What the data plane has is good for the new index, too.
    else this.#publish();
  }

  host(id: string, options: HostOptions): void {
    this.#desired.host(id, options);
    this.push();
  }

  /**
   * Lets a proxy take nothing new, and resolves when it has nothing open any more: at once if it serves nothing, or nobody
   * serves it. Rejects with the signal's reason. `host` lets it stay, `unhost` ends it.
   */
  async leave(id: string, signal: AbortSignal): Promise<void> {
    this.#desired.leave(id);
    this.push();
    await until(this.#status, () => !this.#desired.proxies.has(id) || (this.#sessions.of(id)?.isDrained(id) ?? true), signal);
  }

  unhost(id: string): void {
    this.#desired.unhost(id);
    this.push();
  }

  setForwards(forwards: readonly ForwardConfig[]): void {
    this.#desired.setForwards(forwards);
    this.push();
  }

  /** Sends what has changed since the last time. */
  push(): void {
    const { index, proxies, forwards } = this.#desired;
    const leaves = this.#desired.certificates((identity, dnsNames) => this.#authority.leaf(identity, dnsNames));
    const roots = this.#authority.roots.map((root) => root.certPem);
    this.#sessions.bringTo({ index, proxies, forwards, leaves, roots });
    this.#authority.retain(this.#desired.identities());
    this.#publish();
  }

  /** What the proxies show to others. */
  certificates(): ShownCertificate[] {
    const proxies = new Map<string, string[]>();
    for (const [id, config] of this.#desired.proxies)
      for (const identity of identitiesOf(config)) proxies.set(identity, [...(proxies.get(identity) ?? []), id]);
    const shown = this.#desired.certificates((identity, dnsNames) => this.#authority.leaf(identity, dnsNames));
    return Array.from(shown.values(), ({ identity, certPem }) => ({ identity, certPem, proxies: proxies.get(identity) ?? [] }));
  }

  /** Resolves when a data plane serves everything as of now, or later, or there is nothing to serve; rejects with the signal's reason. */
  async synced(signal: AbortSignal): Promise<void> {
    const index = this.#desired.index;
    const nothing = (): boolean => this.#desired.hosted.size === 0 && this.#desired.forwards.size === 0 && this.#sessions.all.length === 0;
    await until(this.#status, ({ ackedIndex }) => nothing() || (this.#sessions.settled && ackedIndex >= index), signal);
  }

  /** Rejects when the process that has the proxy is not connected; others may come later. */
  probe(proxy: string, signal: AbortSignal): Promise<Readonly<Record<string, ProbeOutcome>>> {
    return this.#sessions.of(proxy)?.probe(proxy, signal) ?? Promise.reject(notConnected());
  }

  /** See `Session.metrics`. Rejects when no data plane is connected. */
  metrics(format: MetricsFormat, proxy: string | undefined, signal: AbortSignal): Promise<string> {
    return this.#connected((sessions) => sessions.metrics(format, proxy, signal));
  }

  /** See `Session.traffic`. Nothing to serve has counted nothing; rejects when there is something, and the data plane is not connected. */
  traffic(signal: AbortSignal): Promise<CountedTraffic> {
    if (this.#desired.hosted.size === 0 && !this.#sessions.connected) return Promise.resolve({ boundsMs: [], flows: [] });
    return this.#connected((sessions) => sessions.traffic(signal));
  }

  /** Newest configuration of a proxy that the data plane serves; undefined for another. */
  config(id: string): ProxyConfig | undefined {
    return this.#desired.proxies.get(id);
  }

  /** See `Session.tap`. Rejects when no data plane is connected. */
  tap(filter: TapFilter, listener: TapListener, signal: AbortSignal): Promise<void> {
    return this.#connected((sessions) => sessions.tap(filter, listener, signal));
  }

  #connected<A>(ask: (sessions: Sessions) => Promise<A>): Promise<A> {
    if (!this.#sessions.connected) return Promise.reject(notConnected());
    return ask(this.#sessions);
  }

  /** Resolves when nothing is under way any more to what forwards have lost; at once when no data plane is connected. */
  async settleForwards(signal: AbortSignal): Promise<void> {
    await this.#sessions.settle(signal);
  }

  /** Listens on Unix sockets that only their owner can use, in place of whatever an earlier agent left there: one for each process. */
  async listen(path: string): Promise<void> {
    for (let worker = 0; worker < this.#workers; worker++) await this.#listen(workerSocket(path, worker), worker);
  }

  async #listen(path: string, worker: number): Promise<void> {
    if (Buffer.byteLength(path) > MAX_SOCKET_PATH) {
      throw new MeshError('environment', `the path of the socket ${path} is longer than ${MAX_SOCKET_PATH} bytes`, {
        hint: 'set MESH_HOME to a shorter path',
      });
    }
    await unlink(path).catch(() => undefined);
    const server = createServer((socket) => this.#accept(socket, worker));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(path, resolve);
    });
    await chmod(path, 0o600);
    this.#closers.push(
      () =>
        new Promise((resolve) => {
          server.close(() => resolve());
          this.#hangUps.get(worker)?.();
        }),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const close of this.#closers.splice(0)) await close();
  }

  /** A data plane in this very process, in place of any other: `send` gives it commands. */
  connect(send: (command: DataplaneCommand) => void): Connection {
    return this.#connect(0, { send, close: () => undefined });
  }

  #accept(socket: Socket, worker: number): void {
    const lines = jsonLines(
      socket,
      (message) => connection.receive(message as DataplaneReport),
      (error) => {
        if (error) this.#log.log('warn', 'the connection of the data plane failed', { error: messageOf(error) });
        connection.end();
      },
    );
    const connection = this.#connect(worker, lines);
  }

  #connect(worker: number, peer: { send(command: DataplaneCommand): void; close(): void }): Connection {
    this.#hangUps.get(worker)?.();
    const session = new Session((command) => peer.send(command), {
      served: (proxies, index) => this.onServed(proxies, index),
      denied: (calls) => this.denied.take(calls),
    });
    const isPresent = (): boolean => this.#sessions.at(worker) === session;
    this.#sessions.set(worker, session);
    this.#hangUps.set(worker, () => peer.close());
    this.push();
    return {
      receive: (report) => {
        const released = session.receive(report);
        if (!isPresent()) return;
        if (released) this.#sessions.released(session);
        this.#publish();
      },
      end: () => {
        session.end();
        if (!isPresent()) return;
        this.#sessions.set(worker, undefined);
        this.#hangUps.delete(worker);
        this.#publish();
      },
    };
  }

  #publish(): void {
    if (this.#sessions.settled) this.#ackedIndex = this.#desired.index;
    this.#status.set(this.#describe());
  }

  #describe(): DataplaneStatus {
    const { errors, connected, all } = this.#sessions;
    const proxies = Array.from(this.#desired.hosted.keys(), (id): [string, ProxyStatus] => {
      const session = this.#sessions.of(id);
      const error = errors[id] ?? this.#desired.problems.get(id);
      const acked = session?.acknowledged.get(id)?.index ?? 0;
      const configIndex = session?.sentIndex(id) ?? (this.#desired.proxies.has(id) ? this.#desired.index : 0);
      // What was acknowledged and is still the newest is good for the present index.
      const current = acked !== 0 && acked === configIndex && session?.settled === true;
      return [id, { configIndex, ackedIndex: current ? this.#desired.index : acked, ...(error === undefined ? {} : { error }) }];
    });
    const [first] = all;
    const whole = Object.entries(errors).find(([id]) => !this.#desired.hosted.has(id) && !this.#desired.forwards.has(id));
    return {
      connected,
      ...(first?.pid === undefined ? {} : { pid: first.pid }),
      ...(all.length > 1 ? { pids: all.map(({ pid }) => pid).filter((pid) => pid !== undefined) } : {}),
      ...(first?.version === undefined ? {} : { version: first.version }),
      ackedIndex: this.#ackedIndex,
      proxies: Object.fromEntries(proxies),
      forwardErrors: Object.fromEntries(Object.entries(errors).filter(([id]) => this.#desired.forwards.has(id))),
      ...(whole ? { error: whole[1] } : {}),
    };
  }
}

function notConnected(): MeshError {
  return new MeshError('failed', 'the data plane is not connected');
}

import { chmod, unlink } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { MeshError, messageOf } from '../../base/errors.ts';
import type { MetricsFormat } from '../../base/metrics-format.ts';
import type { Log } from '../../base/ports.ts';
import { until, type Watch, Watchable } from '../../base/watch.ts';
import type { DataplaneReport, ForwardConfig, ProbeOutcome, TapFilter } from '../../compile/proxy-config.ts';
import type { Authority } from '../ca/authority.ts';
import type { Change } from '../registry.ts';
import type { DesiredState, HostOptions } from './desired.ts';
import { jsonLines } from './ndjson.ts';
import { Session, type TapListener } from './session.ts';

/** What the data plane serves, as far as the control plane knows. */
export interface DataplaneStatus {
  readonly connected: boolean;
  readonly pid?: number;
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

/** Longest path of a Unix socket that every system takes. */
const MAX_SOCKET_PATH = 103;

/** Keeps one data plane at what is desired: the newest connection is the one that counts. */
export class DataplaneLink implements AsyncDisposable {
  readonly #desired: DesiredState;
  readonly #authority: Authority;
  readonly #log: Log;
  readonly #status: Watchable<DataplaneStatus>;
  readonly #closers: (() => Promise<void>)[] = [];
  #session: Session | undefined;
  #hangUp: (() => void) | undefined;
  #ackedIndex = 0;

  constructor(desired: DesiredState, authority: Authority, log: Log) {
    this.#desired = desired;
    this.#authority = authority;
    this.#log = log;
    this.#status = new Watchable(this.#describe());
  }

  get status(): Watch<DataplaneStatus> {
    return this.#status;
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
    await until(this.#status, () => !this.#desired.proxies.has(id) || (this.#session?.isDrained(id) ?? true), signal);
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
    this.#authority.retain(this.#desired.identities());
    const { index, proxies, forwards } = this.#desired;
    const leaves = this.#desired.certificates((identity, dnsNames) => this.#authority.leaf(identity, dnsNames));
    const roots = this.#authority.roots.map((root) => root.certPem);
    this.#session?.bringTo({ index, proxies, forwards, leaves, roots });
    this.#publish();
  }

  /** Resolves when a data plane serves everything as of now, or later, or there is nothing to serve; rejects with the signal's reason. */
  async synced(signal: AbortSignal): Promise<void> {
    const index = this.#desired.index;
    const nothing = (): boolean => this.#desired.hosted.size === 0 && this.#desired.forwards.size === 0 && !this.#session;
    await until(this.#status, ({ ackedIndex }) => nothing() || (this.#session?.settled === true && ackedIndex >= index), signal);
  }

  probe(proxy: string, signal: AbortSignal): Promise<Readonly<Record<string, ProbeOutcome>>> {
    return this.#connected((session) => session.probe(proxy, signal));
  }

  /** See `Session.metrics`. Rejects when no data plane is connected. */
  metrics(format: MetricsFormat, proxy: string | undefined, signal: AbortSignal): Promise<string> {
    return this.#connected((session) => session.metrics(format, proxy, signal));
  }

  /** See `Session.tap`. Rejects when no data plane is connected. */
  tap(filter: TapFilter, listener: TapListener, signal: AbortSignal): Promise<void> {
    return this.#connected((session) => session.tap(filter, listener, signal));
  }

  #connected<A>(ask: (session: Session) => Promise<A>): Promise<A> {
    if (!this.#session) return Promise.reject(new MeshError('failed', 'the data plane is not connected'));
    return ask(this.#session);
  }

  /** Resolves when nothing is under way any more to what forwards have lost; at once when no data plane is connected. */
  async settleForwards(signal: AbortSignal): Promise<void> {
    await this.#session?.settle(signal);
  }

  /** Listens on a Unix socket that only its owner can use, in place of whatever an earlier agent left there. */
  async listen(path: string): Promise<void> {
    if (Buffer.byteLength(path) > MAX_SOCKET_PATH) {
      throw new MeshError('environment', `the path of the socket ${path} is longer than ${MAX_SOCKET_PATH} bytes`, {
        hint: 'set MESH_HOME to a shorter path',
      });
    }
    await unlink(path).catch(() => undefined);
    const server = createServer((socket) => this.#accept(socket));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(path, resolve);
    });
    await chmod(path, 0o600);
    this.#closers.push(
      () =>
        new Promise((resolve) => {
          server.close(() => resolve());
          this.#hangUp?.();
        }),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const close of this.#closers.splice(0)) await close();
  }

  #accept(socket: Socket): void {
    this.#hangUp?.();
    const session = new Session((command) => lines.send(command));
    const lines = jsonLines(
      socket,
      (message) => {
        session.receive(message as DataplaneReport);
        if (this.#session === session) this.#publish();
      },
      (error) => {
        session.end();
        if (error) this.#log.log('warn', 'the connection of the data plane failed', { error: messageOf(error) });
        if (this.#session !== session) return;
        this.#session = undefined;
        this.#hangUp = undefined;
        this.#publish();
      },
    );
    this.#session = session;
    this.#hangUp = () => lines.close();
    this.push();
  }

  #publish(): void {
    if (this.#session?.settled) this.#ackedIndex = this.#desired.index;
    this.#status.set(this.#describe());
  }

  #describe(): DataplaneStatus {
    const session = this.#session;
    const errors = session?.errors ?? {};
    const proxies = Array.from(this.#desired.hosted.keys(), (id): [string, ProxyStatus] => {
      const error = errors[id] ?? this.#desired.problems.get(id);
      const acked = session?.acknowledged.get(id)?.index ?? 0;
      const configIndex = session?.sentIndex(id) ?? (this.#desired.proxies.has(id) ? this.#desired.index : 0);
      // What was acknowledged and is still the newest is good for the present index.
      const current = acked !== 0 && acked === configIndex && session?.settled === true;
      return [id, { configIndex, ackedIndex: current ? this.#desired.index : acked, ...(error === undefined ? {} : { error }) }];
    });
    const whole = Object.entries(errors).find(([id]) => !this.#desired.hosted.has(id) && !this.#desired.forwards.has(id));
    return {
      connected: session !== undefined,
      ...(session?.pid === undefined ? {} : { pid: session.pid }),
      ...(session?.version === undefined ? {} : { version: session.version }),
      ackedIndex: this.#ackedIndex,
      proxies: Object.fromEntries(proxies),
      forwardErrors: Object.fromEntries(Object.entries(errors).filter(([id]) => this.#desired.forwards.has(id))),
      ...(whole ? { error: whole[1] } : {}),
    };
  }
}

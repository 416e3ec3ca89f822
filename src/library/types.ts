import type { RequestListener } from 'node:http';
import type { Server, Socket } from 'node:net';
import type { Explanation } from '../api/explanation.ts';
import type { ConfigEntry, ServiceIntentionsPermission } from './config-entries.ts';

export type * from '../api/explanation.ts';
export type * from './config-entries.ts';

/** Answers one request. Whatever it throws is a 500 that says so. */
export type FetchHandler = (request: Request, context: ServiceContext) => Response | Promise<Response>;

/** Has one connection. */
export type SocketHandler = (socket: Socket, context: ServiceContext) => void;

/**
 * What a service is: a function from Request to Response, a listener of `node:http` (an Express app), a function that is given
 * connections, a server of your own (it is made to listen if it doesn't), or the address of one that runs elsewhere.
 */
export type Handler =
  | FetchHandler
  | { readonly http: RequestListener }
  | { readonly tcp: SocketHandler }
  | { readonly server: Server }
  | { readonly address: string | URL };

/** The instance that a handler is called for, and its way to others. */
export interface ServiceContext {
  readonly service: string;
  /** Its id: `payments-1`. */
  readonly instance: string;
  /** As it was given; empty: none. */
  readonly version: string;
  /** URL of an upstream as this instance calls it: `http://127.0.0.1:41235`. */
  readonly upstream: (name: string) => string;
  /** Calls an upstream. */
  readonly fetch: (upstream: string, path?: string, init?: RequestInit) => Promise<Response>;
}

export type Protocol = 'tcp' | 'http' | 'http2' | 'grpc';

export interface ServiceOptions {
  /** What its sidecar makes of the bytes. By default `http`; `tcp` where it is given connections, a server of `node:net`, or an address without `http://`. */
  readonly protocol?: Protocol;
  /** In its Meta as `version`: subsets are chosen by `Service.Meta.version == 2`. */
  readonly version?: string;
  readonly meta?: Readonly<Record<string, string>>;
  readonly tags?: readonly string[];
  /** Services that it calls. */
  readonly upstreams?: readonly string[];
  /** How many of it there are; 1 by default. Each has a listener, a sidecar and a certificate of its own. */
  readonly instances?: number;
  /** Of its one instance; by default the name of the service with a number: `payments-1`. */
  readonly id?: string;
  /** Settings of its sidecar, as `Proxy.Config` in Consul: `local_request_timeout_ms`, … */
  readonly config?: Readonly<Record<string, unknown>>;
}

/** Made by `service()`. */
export interface ServiceSpec {
  readonly type: 'service';
  readonly name: string;
  readonly handler: Handler;
  readonly options: ServiceOptions;
}

export type IntentionAction = 'allow' | 'deny';

/** Made by `intention()`. */
export interface IntentionSpec {
  readonly type: 'intention';
  readonly source: string;
  readonly destination: string;
  readonly action: IntentionAction | readonly ServiceIntentionsPermission[];
}

export interface StartOptions {
  /** A blueprint to run: one that comes with the package (`v2`), or a folder. What else is given is added when it runs. */
  readonly blueprint?: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  /** How long it may take to become ready; 60 s by default. */
  readonly timeout?: Time;
  readonly services?: readonly ServiceSpec[];
  readonly configEntries?: readonly ConfigEntry[];
  readonly intentions?: readonly IntentionSpec[];
  /** What decides where no intention speaks: `allow` by default. */
  readonly defaultIntention?: IntentionAction;
  /** `manual`: time stands still until `mesh.clock.advance`. Timeouts and delays of single requests go by the real clock in any case. */
  readonly clock?: 'real' | 'manual';
  /** Who `mesh.fetch` calls as; `test` by default. */
  readonly client?: string;
}

/** Milliseconds, or a text such as `'500ms'`, `'72h'`. */
export type Time = number | string;

export interface WaitOptions {
  /** 5 s by default. */
  readonly timeout?: Time;
  /** Between two looks; 20 ms by default. */
  readonly interval?: Time;
  /** For the error; by default the text of the condition. */
  readonly what?: string;
}

/** All that are given must hold. */
export interface TapOptions {
  /** Service that called. */
  readonly from?: string;
  /** Service that was called. */
  readonly to?: string;
  readonly method?: string;
  /** The whole path without its query, or what it has to match. */
  readonly path?: string | RegExp;
  readonly status?: number;
  /** Whose sidecar tells: of the service that was called (`inbound`, the default), or of its caller, which also knows of calls that reached nobody. */
  readonly side?: 'inbound' | 'outbound' | 'both';
}

/** A request as a sidecar has seen it, when it had ended. Values of headers that hold secrets are taken out. */
export interface SeenRequest {
  readonly at: Date;
  readonly durationMs: number;
  readonly side: 'inbound' | 'outbound';
  readonly from: string;
  /** On the outbound side the name of the upstream. */
  readonly to: string;
  /** Whose sidecar has seen it: `payments-2`. */
  readonly instance: string;
  readonly method: string;
  readonly host: string;
  /** With its query. */
  readonly path: string;
  /** 0: there was no answer. */
  readonly status: number;
  /** Envoy's response flag; empty when nothing went wrong. */
  readonly flag: string;
  readonly retries: number;
  /** Why a sidecar has answered by itself. */
  readonly reason?: string;
  /** The rule that decided so. */
  readonly rule?: string;
  readonly route?: string;
  /** Target that was drawn, on the outbound side. */
  readonly cluster?: string;
  readonly endpoint?: string;
  /** Names in lower case. */
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly responseHeaders: Readonly<Record<string, string>>;
}

/** Requests as they end, from the moment it was opened. */
export interface Tap extends AsyncIterable<SeenRequest>, Disposable {
  /** All so far. */
  readonly requests: readonly SeenRequest[];
  /** The next one that was not asked for yet. Rejects when none comes within 5 s, or `timeout`. */
  next(options?: { readonly timeout?: Time }): Promise<SeenRequest>;
  /** The same of several. */
  take(count: number, options?: { readonly timeout?: Time }): Promise<readonly SeenRequest[]>;
  stop(): void;
}

export interface FaultOptions {
  /** Status that is answered in place of the service. */
  readonly abort?: number;
  /** How long requests wait first. */
  readonly delay?: Time;
  /** Of how many requests; 100 by default. */
  readonly percent?: number;
  /** Only of those that carry these; `:path` and `:method` are those of the request. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface KillOptions {
  /** False: its health check does not see it, so that callers find out by themselves. True by default. */
  readonly noticed?: boolean;
}

export interface MeshClock {
  now(): Date;
  /** Lets time go by: certificates are renewed, TTL checks expire, ejections end. Only with `startMesh({ clock: 'manual' })`. */
  advance(by: Time): Promise<void>;
}

export interface ExplainOptions {
  /** `GET` by default. */
  readonly method?: string;
  /** With its query; `/` by default. */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface FetchInit extends RequestInit {
  /** Call as this service, through its upstream; by default as the client of the mesh. */
  readonly from?: string;
}

export interface InstanceInfo {
  readonly id: string;
  readonly service: string;
  /** Where the application listens, past the mesh. */
  readonly address: string;
  /** Where its sidecar takes mutual TLS. */
  readonly sidecar: string;
  /** SPIFFE id that its certificate carries. */
  readonly identity: string;
}

/** A running mesh. */
export interface Mesh extends AsyncDisposable {
  /** HTTP API as Consul's: `http://127.0.0.1:41234`. */
  readonly address: string;
  /** Those that were made by `service()`. */
  readonly instances: readonly InstanceInfo[];
  /**
   * Calls a service as its callers do: through a sidecar, over mutual TLS, with routes, splits, retries and intentions. Each call
   * is a connection of its own; redirects are handed back, not followed.
   */
  fetch(service: string, path?: string, init?: FetchInit): Promise<Response>;
  /** A connection to a service in the same way. */
  connect(service: string, options?: { readonly from?: string }): Promise<Socket>;
  /** URL by which the code of `from` calls its upstream. */
  upstream(from: string, name: string): string;
  /** Adds instances. Resolves when others can call them. */
  service(name: string, handler: Handler, options?: ServiceOptions): Promise<readonly InstanceInfo[]>;
  /** Writes a config entry, or several: all or none. Resolves when all sidecars work by them. */
  configEntry(...entries: readonly ConfigEntry[]): Promise<void>;
  deleteConfigEntry(kind: ConfigEntry['Kind'], name: string): Promise<void>;
  /** Says who may call whom, in place of what was said for the same two. Resolves when all sidecars work by it. */
  intention(source: string, destination: string, action: IntentionAction | readonly ServiceIntentionsPermission[]): Promise<void>;
  deleteIntention(source: string, destination: string): Promise<void>;
  /** What would become of a request, step by step, and which rule decides: from the configuration that the sidecars have. */
  explain(from: string, to: string, options?: ExplainOptions): Promise<Explanation>;
  /** Watches requests from now on. */
  tap(options?: TapOptions): Tap;
  /**
   * Lets requests to a service fail or wait, in place of the fault that it had. Resolves when all its sidecars do. Dispose of what is
   * returned to take it back, or call `unfault`.
   */
  fault(service: string, fault: FaultOptions): Promise<AsyncDisposable>;
  unfault(service: string): Promise<void>;
  /**
   * Ends all instances of a service, or one by its id, as a crash does: it listens no more, and its connections are reset. Resolves when its
   * health check is critical and callers know. A program of a blueprint is started again by its agent, as it would be after a crash.
   */
  kill(target: string, options?: KillOptions): Promise<void>;
  /** Starts it again. */
  revive(target: string): Promise<void>;
  /**
   * Asks again and again until the answer is truthy, and resolves with it; what is thrown counts as a no. Rejects after 5 s, or `timeout`,
   * and says what was seen last.
   */
  waitFor<T>(condition: () => T | Promise<T>, options?: WaitOptions): Promise<NonNullable<T>>;
  /** What all sidecars have counted, or those of one service, as Prometheus reads it. */
  metrics(service?: string): Promise<string>;
  readonly clock: MeshClock;
  /** Environment for a process that is to use this mesh: `CONSUL_HTTP_ADDR`, and `PAYMENTS_URL` for each upstream of `service`. */
  env(service?: string): Record<string, string>;
  /** Ends everything. Idempotent. */
  close(): Promise<void>;
}

import type { RequestListener } from 'node:http';
import type { Server, Socket } from 'node:net';
import type { ConfigEntry, ServiceIntentionsPermission } from './config-entries.ts';

export type { ConfigEntry };

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
  /** `payments`, or `payments-2` where there are several. */
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
  /** Name of its instance; by default that of the service, with a number from the second on. */
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
  readonly services?: readonly ServiceSpec[];
  readonly configEntries?: readonly ConfigEntry[];
  readonly intentions?: readonly IntentionSpec[];
  /** `consul` by default: calls are allowed where no intention speaks. */
  readonly defaultIntention?: IntentionAction;
  /** Who `mesh.fetch` calls as; `test` by default. */
  readonly client?: string;
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
  /** Ends everything. Idempotent. */
  close(): Promise<void>;
}

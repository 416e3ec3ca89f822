import type { Authorizer } from '../../acl/authorizer.ts';
import type { Clock, Log, Random } from '../../base/ports.ts';
import { shuffled } from '../../base/shuffled.ts';
import type { Watch } from '../../base/watch.ts';
import type { Snapshot } from '../../catalog/snapshot.ts';
import { DNS_DEFAULTS, type DnsConfig } from '../../dns/config.ts';
import type { DnsWorld } from '../../dns/world.ts';
import type { TlsSettings } from '../http/settings.ts';
import { Recursor } from './recursor.ts';
import { Responder } from './responder.ts';
import { type DnsListener, listenDns, listenSecureDns } from './server.ts';

export interface DnsOptions {
  readonly host: string;
  /** For UDP and TCP; 0: any that is free for both. */
  readonly port: number;
  readonly config?: Partial<DnsConfig>;
  /** Who is asked what is not of the domain, `8.8.8.8` or `8.8.8.8:53`; nobody: such questions are refused. */
  readonly recursors?: readonly string[];
  readonly recursorTimeoutMs?: number;
  /** Then it is DNS over TLS, and nothing else, that is served there. */
  readonly tls?: TlsSettings;
  /** See `DnsWorld.hosts`. */
  readonly hosts?: DnsWorld['hosts'];
}

/** What DNS needs of the control plane. */
export interface DnsSource {
  readonly snapshot: Watch<Snapshot>;
  readonly datacenter: () => string;
  readonly node: () => string;
  readonly acl: () => Pick<Authorizer, 'allows'>;
  readonly preparedQuery: DnsWorld['preparedQuery'];
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Consul's recursor_timeout. */
const RECURSOR_TIMEOUT_MS = 2000;

/** Serves the catalog over DNS. Rejects with the system's error when it can't bind. */
export function openDns(options: DnsOptions, source: DnsSource): Promise<DnsListener> {
  const { clock, random, log } = source;
  const config = { ...DNS_DEFAULTS, ...options.config };
  const world = (): DnsWorld => ({
    snapshot: source.snapshot.value,
    datacenter: source.datacenter(),
    node: source.node(),
    config,
    acl: source.acl(),
    hosts: options.hosts ?? (() => undefined),
    preparedQuery: source.preparedQuery,
    shuffled: (items) => shuffled(items, (end) => Math.floor(random.next() * end)),
    now: Math.floor(clock.now() / 1000),
  });
  const recursor = new Recursor({
    servers: options.recursors ?? [],
    timeoutMs: options.recursorTimeoutMs ?? RECURSOR_TIMEOUT_MS,
    clock,
    random,
  });
  const { host, port, tls } = options;
  const listener = { host, port, responder: new Responder(world, recursor), log };
  return tls ? listenSecureDns({ ...listener, tls }) : listenDns(listener);
}

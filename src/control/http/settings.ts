import type { Openings } from './guard.ts';
import type { HttpLimits } from './limits.ts';

/** How a listener serves, as far as it isn't the same for all. Agent configuration fills it. */
export interface HttpSettings {
  readonly limits?: HttpLimits;
  readonly openings?: Openings;
  /** Answers are indented without `?pretty`, as Consul does in -dev mode. */
  readonly alwaysPretty?: boolean;
  /** Sent with every answer (Consul: `http_config.response_headers`). */
  readonly headers?: Readonly<Record<string, string>>;
  /** Paths that begin like this are answered 403 (Consul: `http_config.block_endpoints`). */
  readonly blockEndpoints?: readonly string[];
  /** Networks (CIDR) from which anything but GET is taken; empty: from everywhere (Consul: `http_config.allow_write_http_from`). */
  readonly writesFrom?: readonly string[];
  /** Whether `?cached` is answered from a cache; true by default (Consul: `http_config.use_cache`). */
  readonly useCache?: boolean;
  /** A client that has not shown itself by then is cut off; 5 s by default (Consul: `limits.https_handshake_timeout`). */
  readonly handshakeTimeoutMs?: number;
  /** How long blocking queries wait that don't say, and at most (Consul: `default_query_time`, `max_query_time`). */
  readonly waits?: { readonly defaultMs: number; readonly maxMs: number };
}

/** Consul's `limits.https_handshake_timeout`. */
export const HANDSHAKE_TIMEOUT_MS = 5000;

/** Certificates of an HTTPS listener, as PEM. */
export interface TlsSettings {
  /** With its intermediates. Without one every handshake fails. */
  readonly cert?: string;
  /** Secret. */
  readonly key?: string;
  /** Who may sign certificates of clients. */
  readonly ca?: string;
  /** Clients must show a certificate of that CA. */
  readonly verifyIncoming?: boolean;
  /** TLSv1.2 by default. */
  readonly minVersion?: 'TLSv1.2' | 'TLSv1.3';
  /** In OpenSSL's spelling. */
  readonly ciphers?: string;
}

/** Where a listener is: a TCP port (0: the system chooses), or a Unix socket. */
export type ListenAt =
  | { readonly host: string; readonly port: number; readonly tls?: TlsSettings }
  /** `mode` is 0600 by default. */
  | { readonly path: string; readonly mode?: number };

import type { EntryBase } from '../entries/kind.ts';
import type { Json } from '../schema/located.ts';

/** Where a protocol is served. */
export type Endpoint = { readonly host: string; readonly port: number } | { readonly socketPath: string };

/** Of one listener, or of connections to other servers. Paths as written. */
export interface TlsSettings {
  readonly caFile?: string;
  readonly caPath?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  readonly minVersion: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';
  /** Go's names, separated by commas. */
  readonly cipherSuites?: string;
  /** Clients must show a certificate of the CA. */
  readonly verifyIncoming: boolean;
  readonly verifyOutgoing: boolean;
}

/** Tokens are secret. */
export interface AclTokens {
  readonly initialManagement?: string;
  readonly agent?: string;
  readonly default?: string;
  readonly agentRecovery?: string;
  readonly replication?: string;
  readonly configFileServiceRegistration?: string;
  readonly dns?: string;
}

export interface AclSettings {
  readonly enabled: boolean;
  readonly defaultPolicy: 'allow' | 'deny';
  readonly downPolicy: 'allow' | 'deny' | 'extend-cache' | 'async-cache';
  readonly enableKeyListPolicy: boolean;
  readonly enableTokenPersistence: boolean;
  readonly tokens: AclTokens;
}

export interface DnsSettings {
  /** Without dots at its ends. */
  readonly domain: string;
  readonly altDomain?: string;
  readonly nodeTtlMs: number;
  /** By service; `*` for all others. */
  readonly serviceTtlMs: Readonly<Record<string, number>>;
  readonly onlyPassing: boolean;
  readonly allowStale: boolean;
  readonly enableTruncate: boolean;
  readonly disableCompression: boolean;
  /** 0: all. */
  readonly aRecordLimit: number;
  readonly udpAnswerLimit: number;
  readonly recursors: readonly string[];
  readonly recursorTimeoutMs: number;
  readonly recursorStrategy: 'sequential' | 'random';
  /** Seconds. */
  readonly soa: { readonly refresh: number; readonly retry: number; readonly expire: number; readonly minTtl: number };
}

export interface HttpSettings {
  readonly responseHeaders: Readonly<Record<string, string>>;
  /** CIDR; empty: from everywhere. */
  readonly allowWriteFrom: readonly string[];
  readonly blockEndpoints: readonly string[];
  readonly useCache: boolean;
  readonly maxHeaderBytes?: number;
  /** Ours: names beside the agent's own that may stand in Host, and web pages of other sites that may send requests. */
  readonly allowedHosts: readonly string[];
  readonly allowedOrigins: readonly string[];
  /** Ours: of one client; undefined: as many as it wants. */
  readonly requestsPerSecond?: number;
  readonly blockingPerClient?: number;
}

export interface LogSettings {
  readonly level?: string;
  readonly json: boolean;
  readonly file?: string;
  /** When the file is put aside (0: whatever its size), and how many of those are kept (0: all, below 0: none). */
  readonly rotateBytes: number;
  readonly rotateAfterMs: number;
  readonly rotateMaxFiles: number;
}

export interface LimitSettings {
  readonly httpMaxConnsPerClient?: number;
  readonly kvMaxValueSize?: number;
  readonly txnMaxReqLen?: number;
  readonly httpsHandshakeTimeoutMs?: number;
  readonly requestLimits: { readonly mode: 'disabled' | 'permissive' | 'enforcing'; readonly readRate: number; readonly writeRate: number };
}

/** A service or a check of a file, as the body of a request that registers it. */
export type Registration = Readonly<Record<string, Json>>;

/** What `mesh agent` is to do: flags and files, merged and judged, with Consul's defaults. */
export interface AgentSettings {
  /** `-dev`: in memory, on loopback, with pretty JSON. */
  readonly dev: boolean;
  readonly server: boolean;
  readonly datacenter: string;
  readonly nodeName?: string;
  readonly nodeId?: string;
  readonly nodeMeta: Readonly<Record<string, string>>;
  readonly dataDir?: string;
  readonly advertiseAddress?: string;
  /** Empty: not served. */
  readonly http: readonly Endpoint[];
  readonly https: readonly Endpoint[];
  readonly grpc: readonly Endpoint[];
  readonly grpcTls: readonly Endpoint[];
  readonly dns: readonly Endpoint[];
  /** Ours: DNS over TLS, with the certificates of HTTPS. */
  readonly dnsTls: readonly Endpoint[];
  /** Whether a port for HTTP was written, or it is Consul's default. */
  readonly httpPortGiven: boolean;
  readonly dnsPortGiven: boolean;
  /** What others read of a server; nothing listens there. */
  readonly serverPort: number;
  readonly serfLanPort: number;
  readonly serfWanPort: number;
  /** Where sidecars get their port from. */
  readonly sidecarPorts: { readonly min: number; readonly max: number };
  readonly log: LogSettings;
  readonly pidFile?: string;
  readonly acl: AclSettings;
  /** Of calls that no intention speaks of; undefined: as the ACL default policy, or allow. */
  readonly defaultIntentionPolicy?: 'allow' | 'deny';
  readonly connect: { readonly enabled: boolean; readonly caProvider: string; readonly caConfig: Readonly<Record<string, Json>> };
  readonly tls: { readonly https: TlsSettings; readonly grpc: TlsSettings; readonly internalRpc: TlsSettings };
  readonly dnsSettings: DnsSettings;
  readonly httpSettings: HttpSettings;
  readonly limits: LimitSettings;
  readonly defaultQueryTimeMs: number;
  readonly maxQueryTimeMs: number;
  readonly sessionTtlMinMs: number;
  /** Where commands of checks may come from: nowhere, files of this agent, or its API too. */
  readonly scriptChecks: 'off' | 'local' | 'all';
  readonly checkOutputMaxSize: number;
  readonly discardCheckOutput: boolean;
  /** How long an output may wait that changes while the status stays; 0: not at all. */
  readonly checkUpdateIntervalMs: number;
  readonly ui: boolean;
  /** Whether it leaves its cluster at that signal, and so ends well. */
  readonly leaveOnTerminate: boolean;
  readonly leaveOnInterrupt: boolean;
  readonly autoReload: boolean;
  readonly compat: '1.8' | 'newer';
  readonly services: readonly Registration[];
  readonly checks: readonly Registration[];
  /** `config_entries { bootstrap }`, normalized and valid. */
  readonly entries: readonly EntryBase[];
}

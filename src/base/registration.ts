import type { GatewayKind } from './gateway-kind.ts';
import type { Range } from './source.ts';

/** What a workload asks to be registered as, before any address is mapped: the common form of a service definition file and of pod annotations. */
export interface ServiceDefinition {
  readonly name: string;
  /** Defaults to the name. Unique on its node. */
  readonly id: string;
  readonly port: number;
  /** Virtual address; empty means the address of the workload it belongs to. */
  readonly address: string;
  readonly tags: readonly string[];
  readonly meta: Readonly<Record<string, string>>;
  readonly checks: readonly ServiceCheck[];
  /** Present when the service asks for a sidecar. */
  readonly sidecar?: SidecarDefinition;
  /** Present when it is no application but a gateway, which the data plane serves. */
  readonly gateway?: GatewayDefinition;
}

export interface GatewayDefinition {
  readonly kind: GatewayKind;
  /** Opaque proxy configuration (`connect_timeout_ms`, …). */
  readonly config: Readonly<Record<string, unknown>>;
}

export interface SidecarDefinition {
  /** Inbound port of the sidecar; 0 means the next free one of the range of its kind (21000 for VMs, 20000 for pods). */
  readonly port: number;
  readonly upstreams: readonly UpstreamDefinition[];
  /** Opaque proxy configuration (`protocol`, `local_connect_timeout_ms`, …). */
  readonly config: Readonly<Record<string, unknown>>;
}

export interface UpstreamDefinition {
  /** A service, or a prepared query. */
  readonly service: string;
  readonly isQuery?: true;
  /** Empty means the proxy's own datacenter. */
  readonly datacenter: string;
  /** Usually 127.0.0.1. */
  readonly localAddress: string;
  readonly localPort: number;
  readonly config: Readonly<Record<string, unknown>>;
}

/** A service that something calls, and where somebody wrote that. */
export interface WrittenCall {
  readonly service: string;
  /** Empty: the caller's own. */
  readonly datacenter: string;
  readonly at: Range | undefined;
}

export interface ServiceCheck {
  readonly id: string;
  readonly name: string;
  readonly action:
    | {
        readonly type: 'http';
        readonly url: string;
        readonly method: string;
        readonly headers: Readonly<Record<string, readonly string[]>>;
      }
    | { readonly type: 'tcp'; readonly address: string }
    | { readonly type: 'ttl'; readonly ttlMs: number }
    /** A command that exits with 0. */
    | { readonly type: 'script'; readonly command: readonly string[] }
    /** Follows the readiness of a pod; consul-k8s keeps it at that. */
    | { readonly type: 'kubernetes-readiness' };
  readonly intervalMs: number;
  readonly timeoutMs: number;
}

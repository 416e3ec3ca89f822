import { Watchable } from '../../base/watch.ts';

/** Rates that all clients share (Consul: `limits.request_limits`). */
export interface RequestLimits {
  /** `permissive` only logs what `enforcing` refuses. */
  readonly mode: 'disabled' | 'permissive' | 'enforcing';
  /** A second; negative: any number. */
  readonly readRate: number;
  readonly writeRate: number;
}

/** What an agent's configuration sets of services that are there anyway. */
export interface Tuning {
  /** Shortest TTL of a session (`session_ttl_min`). */
  readonly sessionTtlMinMs: number;
  /** Where sidecars without a port get one from (`ports.sidecar_min_port` and `sidecar_max_port`). */
  readonly sidecarPorts: { readonly min: number; readonly max: number };
  /** What others are told of a server, where nothing listens here. */
  readonly ports: { readonly server: number; readonly serfLan: number; readonly serfWan: number };
  readonly checks: CheckTuning;
  readonly requestLimits: RequestLimits;
}

export interface CheckTuning {
  /** Bytes of an output that are kept; a check may ask for fewer (`check_output_max_size`). */
  readonly outputMaxSize: number;
  /** Outputs are never kept (`discard_check_output`). */
  readonly discardOutput: boolean;
  /** An output that changes while the status stays is written no sooner (`check_update_interval`). */
  readonly updateIntervalMs: number;
}

/** Consul's. */
export const DEFAULT_TUNING: Tuning = {
  sessionTtlMinMs: 10_000,
  sidecarPorts: { min: 21_000, max: 21_255 },
  ports: { server: 8300, serfLan: 8301, serfWan: 8302 },
  checks: { outputMaxSize: 4096, discardOutput: false, updateIntervalMs: 5 * 60_000 },
  requestLimits: { mode: 'disabled', readRate: -1, writeRate: -1 },
};

/** The tuning of a running control plane. */
export class LiveTuning extends Watchable<Tuning> {
  /** From a configuration that was read again. As in Consul, ports need a restart. */
  renew(next: Tuning): void {
    const { sidecarPorts, ports } = this.value;
    this.set({ ...next, sidecarPorts, ports });
  }
}

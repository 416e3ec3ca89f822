/** `GET /v1/mesh/findings`: what in the catalog and in the config entries can't work, or has no effect. The worst first. */
export interface Findings {
  /** Index of the catalog that they hold for. */
  readonly index: number;
  readonly findings: readonly Finding[];
}

export interface Finding {
  readonly code: FindingCode;
  /** `error`: calls fail, or entries contradict each other. `warning`: something does nothing, or less than it seems to. */
  readonly severity: 'error' | 'warning';
  /** What is wrong, one line, no full stop. */
  readonly summary: string;
  /** A command to type, or what to change. */
  readonly fix: string;
  readonly datacenter: string;
  readonly about: FindingSubject;
  /** Where in the config entry: `Routes[1].Destination.ServiceSubset`, `Subsets[v2]`, `Sources[web]` (the one of that Name). */
  readonly path?: string;
}

export interface FindingSubject {
  /** `service`, `sidecar`; or the kind of a config entry. */
  readonly kind: string;
  /** Of the service or entry; of a sidecar its id: `dc1/node/web-sidecar-proxy`. */
  readonly name: string;
  /** The service that a sidecar stands for. */
  readonly service?: string;
}

/**
 * unhealthy: checks of a service fail; upstream: an upstream leads nowhere; protocol: two sides speak differently; contradiction:
 * entries do not fit together; reference: an entry names what is not there; intention: one can never match or decide; unused:
 * nothing leads to an entry or a subset; caution: an entry does something else than it seems to.
 */
export type FindingCode = 'unhealthy' | 'upstream' | 'protocol' | 'contradiction' | 'reference' | 'intention' | 'unused' | 'caution';

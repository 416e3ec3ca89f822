/** Body of `POST /v1/mesh/explain`. */
export interface ExplainRequest {
  /** A service with a sidecar, or a gateway; or the id of one sidecar of it. */
  readonly source: string;
  readonly sourceDatacenter?: string;
  /** Name of an upstream of it, `payments` or `payments?dc=dc2`; for a gateway the port of a listener, if it has several. */
  readonly destination: string;
  /** Absent: the connection alone, as for tcp; upstreams of HTTP then take `GET /`. */
  readonly request?: ExplainedRequest;
}

export interface ExplainedRequest {
  /** Upper case. */
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** In order, several of one name allowed; `host` among them. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** What would become of a request, step by step, from the configuration that the data plane has. */
export interface Explanation {
  readonly source: string;
  readonly destination: string;
  readonly protocol: string;
  readonly request?: ExplainedRequest;
  /** `denied`: a rule refuses it. `undeliverable`: there is nowhere it could go. */
  readonly verdict: 'passes' | 'denied' | 'undeliverable';
  /** One sentence: where it goes, or which rule or lack keeps it. */
  readonly summary: string;
  /** Catalog index that it holds for. */
  readonly index: number;
  readonly steps: readonly ExplainStep[];
  /** The command that would make it pass, if it does not. */
  readonly fix?: string;
}

export interface ExplainStep {
  readonly kind:
    | 'upstream'
    | 'protocol'
    | 'route'
    | 'split'
    | 'subset'
    | 'failover'
    | 'endpoints'
    | 'identity'
    | 'intentions'
    | 'limits'
    | 'effects';
  readonly state: 'ok' | 'no' | 'info';
  /** One line: `route /currency* of service-router payments`. */
  readonly text: string;
  /** Where that was written. */
  readonly origin?: Origin;
  /** What was looked at on the way, in the order it was: candidates that did and did not match, and why. */
  readonly details: readonly ExplainDetail[];
}

export interface ExplainDetail {
  /** `chosen` decided; `passed` was looked at and did not hold; `after` was not looked at any more. */
  readonly state: 'chosen' | 'passed' | 'after' | 'info';
  readonly text: string;
  /** Why it was passed over. */
  readonly reason?: string;
  readonly origin?: Origin;
}

export interface Origin {
  /** `service-router payments`, `registration of web-1`, `default of Consul` */
  readonly of: string;
  /** Where a config entry came from, if it was a file. */
  readonly file?: { readonly path: string; readonly line: number };
}

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
  readonly sourceDatacenter: string;
  /** Id of the caller's sidecar, or of the gateway, whose configuration was read. */
  readonly proxy: string;
  /** Name of the upstream or listener; as it was asked for, if there is none. */
  readonly destination: string;
  /** Where its applications find it: `127.0.0.1:9091`. Empty if there is none. */
  readonly listens: readonly string[];
  /** Callers speak TLS there. */
  readonly tls?: true;
  /** Of the listener; empty if there is none. */
  readonly protocol: string;
  readonly request?: ExplainedRequest;
  /** `denied`: a rule refuses it. `undeliverable`: there is nowhere it could go. */
  readonly verdict: 'passes' | 'denied' | 'undeliverable';
  /** One sentence: where it goes, or which rule or lack keeps it. */
  readonly summary: string;
  /** Catalog index that it holds for. */
  readonly index: number;
  readonly steps: readonly ExplainStep[];
  /** Where it may go: several, if a split draws one; none, if it does not leave the caller. */
  readonly ways: readonly ExplainedWay[];
  /** The command that would make it pass, if it does not. */
  readonly fix?: string;
}

/** One target of a route, with what stands in for it. */
export interface ExplainedWay {
  /** Percent of the requests that it gets. */
  readonly weight: number;
  /** Of the route: `/currency*`. */
  readonly route: string;
  /** Of the target: `v2.payments.default.default.dc1`. */
  readonly cluster: string;
  /** The cluster that serves in its place, which it fails over to. */
  readonly standIn?: string;
  /** Who serves. */
  readonly service: string;
  /** Empty: all instances. */
  readonly subset: string;
  readonly datacenter: string;
  /** `127.5.0.110:21000` of each that may be taken. */
  readonly endpoints: readonly string[];
  readonly verdict: Explanation['verdict'];
  /** That a refusal has; 0: the connection is closed. Absent: the application answers. */
  readonly status?: number;
  /** What decided, as `x-mesh-reason` ends: `intention deny web => payments (precedence 9)`. */
  readonly rule?: string;
}

/** What `mesh explain --send` tells beside the explanation: what really became of the call. */
export interface SentCall {
  /** `open`: a connection that carries bytes was let in. */
  readonly result: 'answered' | 'open' | 'refused';
  /** Of the answer. */
  readonly status?: number;
  /** Why the mesh has refused it: `x-mesh-reason`. */
  readonly reason?: string;
  readonly durationMs: number;
  /** Which of the ways it took. */
  readonly way?: number;
  readonly route?: string;
  readonly cluster?: string;
  /** `127.5.0.110:21000`, of those tried the last. */
  readonly endpoint?: string;
  /** What has refused it. */
  readonly rule?: string;
  readonly findings: readonly SentFinding[];
}

export interface SentFinding {
  readonly kind: ExplainStep['kind'] | 'answer';
  readonly agrees: boolean;
  /** What the explanation says, and what was seen. */
  readonly said: string;
  readonly seen: string;
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
  /** Which of the ways it is about, from 0; absent: all of them. */
  readonly way?: number;
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
  /** What it consists of: permissions of an intention. */
  readonly details?: readonly ExplainDetail[];
}

export interface Origin {
  /** `service-router payments`, `registration of web-1`, `default of Consul` */
  readonly of: string;
  /** Where a config entry came from, if it was a file. */
  readonly file?: { readonly path: string; readonly line: number };
}

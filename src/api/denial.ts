import type { Origin } from './explanation.ts';

/** `GET /v1/mesh/denials`: the last refusals by a rule, the newest first. Equal ones are one, with how often. */
export interface Denials {
  readonly denials: readonly Denial[];
}

export interface Denial extends DeniedCall {
  /** Where the rule was written; absent: no intention matched, or it was a route that asks for a token. */
  readonly origin?: Origin;
  /** With `?fix`: no rule would refuse it as things are now. */
  readonly passes?: true;
  /** With `?fix`, what decides now: `intention allow web => payments (precedence 9)`. */
  readonly decidesNow?: string;
  /** With `?fix`, what would let exactly this call pass: a command for a shell. Absent: it passes by now, or no entry lets this pass and no more. */
  readonly fix?: string;
  /** Beside a fix, what else it takes; without one, why there is none. */
  readonly advice?: string;
}

/** The longest path that is remembered, in characters; of others, so much. */
export const MAX_DENIED_PATH = 1_024;

/** Equal calls that a rule has refused, as one. */
export interface DeniedCall extends RefusedCall {
  /** Milliseconds since the epoch: the first time and the last. */
  readonly firstAt: number;
  readonly lastAt: number;
  readonly times: number;
}

export interface RefusedCall {
  /** Id of the proxy that has refused. */
  readonly proxy: string;
  readonly source: string;
  readonly sourceDatacenter: string;
  /** SPIFFE id of the caller, as its certificate has it; empty: it has shown none, as at a gateway. */
  readonly identity: string;
  readonly destination: string;
  readonly destinationDatacenter: string;
  readonly protocol: string;
  /** Of a request; absent for connections that pass as bytes. The path is as it was judged, without its query. */
  readonly request?: { readonly method: string; readonly host: string; readonly path: string };
  /** 403, 401; 0: the connection was closed. */
  readonly status: number;
  /** Why, as `x-mesh-reason` has it. */
  readonly reason: string;
  /** What decided; absent: no intention matched, and the default did, or a route asks for a token. */
  readonly rule?: DecidingRule;
  /** What is wrong with the token that was asked for, by the rule or by a gateway's route; absent: it was no matter of tokens. */
  readonly token?: string;
}

export interface DecidingRule {
  /** Service or `*`. */
  readonly source: string;
  /** Service or `*`. */
  readonly destination: string;
  readonly precedence: number;
  readonly action: 'allow' | 'deny';
  /** Which of its permissions decided, from 0; `none`: none matched. Absent: it has none. */
  readonly permission?: number | 'none';
}

import type { Fault } from '../../compile/proxy-config.ts';
import { compileMatch } from '../../matching/match.ts';
import { RequestView } from '../../matching/request-view.ts';
import type { Refusal } from '../http/respond.ts';
import { drawPercent, type RequestFilter, type Verdict } from './filter.ts';

/** Status of HTTP for one of gRPC, as Envoy answers clients that don't speak it; 500 for the others. */
const HTTP_OF_GRPC: Readonly<Record<number, number>> = {
  0: 200,
  3: 400,
  4: 504,
  5: 404,
  7: 403,
  8: 429,
  12: 501,
  14: 503,
  16: 401,
};

export interface FaultContext {
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Gets a line when the fault can't be injected. */
  readonly ignored: (reason: string) => void;
}

/** Envoy: the delay first, then the abort; each is drawn by itself. */
export function readyFault(fault: Fault, { random, ignored }: FaultContext): RequestFilter {
  const match = compileMatch({ headers: fault.headers });
  if (!match.ok) {
    ignored(`${fault.of}: ${match.error}`);
    return () => undefined;
  }
  const test = match.value;
  const { delay } = fault;
  const aborted = fault.abort && refusalOf(fault, fault.abort);
  const abort = (): Verdict => (fault.abort && drawPercent(fault.abort.percent, random) ? aborted : undefined);
  return (request) => {
    if (test && !test(new RequestView(request))) return undefined;
    if (!delay || !drawPercent(delay.percent, random)) return abort();
    return new Promise((resolve) => {
      setTimeout(() => resolve(abort()), delay.ms).unref();
    });
  };
}

function refusalOf({ of }: Fault, { httpStatus, grpcStatus }: NonNullable<Fault['abort']>): Refusal {
  const common = { reason: `fault injected by ${of}`, body: 'fault filter abort', flag: 'FI', rule: `fault injection of ${of}` } as const;
  if (grpcStatus === undefined) return { ...common, status: httpStatus ?? 503 };
  return { ...common, status: HTTP_OF_GRPC[grpcStatus] ?? 500, grpcStatus };
}

import { messageOf } from '../../base/errors.ts';
import { HttpFault } from '../http1/fault.ts';
import type { ResponseFlag } from '../observe/response-flag.ts';
import { DialError } from '../socket/dial.ts';

/** An answer that the proxy gives itself. The one place where causes become responses. */
export interface Refusal {
  readonly status: number;
  /** One line; goes to `x-mesh-reason` and the log. */
  readonly reason: string;
  /** Defaults to the reason. */
  readonly body?: string;
  /** Fields besides those of every refusal. */
  readonly fields?: readonly (readonly [name: string, value: string])[];
  /** What a client of gRPC is told, if it is not what the status stands for. */
  readonly grpcStatus?: number;
  /** What kind of refusal it is, for access logs and counters: Envoy's response flag. Absent where Envoy has none. */
  readonly flag?: ResponseFlag | undefined;
  /** The rule of the configuration that decided, if one did: `intention deny web => payments (precedence 9)`. */
  readonly rule?: string;
}

/** A cluster without a healthy endpoint. */
export class NoEndpointError extends Error {
  override readonly name = 'NoEndpointError';
}

/** A limit of the cluster is reached. */
export class OverflowError extends Error {
  override readonly name = 'OverflowError';
}

/** Envoy: tells a client, and its retries, that this was no failure of the service. */
const OVERLOADED = [['x-envoy-overloaded', 'true']] as const;

const PHRASES: Readonly<Record<number, string>> = {
  307: 'Temporary Redirect',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  417: 'Expectation Failed',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
  505: 'HTTP Version Not Supported',
};

/** Envoy's RBAC filter answers with this body; clients and tests of a mesh look for it. */
export function denied(reason: string, rule?: string): Refusal {
  return { status: 403, reason, body: 'RBAC: access denied', ...(rule === undefined ? {} : { rule }) };
}

/** For a request that outlasts the drain of the listener it came on. */
export const GONE: Refusal = { status: 503, reason: 'the listener has left the configuration, and its time to finish requests is over' };

/** `target` is the service that the request was for. */
export function refusalFor(cause: unknown, target: string): Refusal {
  if (cause instanceof HttpFault) return { status: cause.status, reason: cause.reason, flag: flagOf(cause) };
  if (cause instanceof NoEndpointError) return { status: 503, reason: cause.message, flag: 'UH' };
  if (cause instanceof OverflowError) return { status: 503, reason: cause.message, fields: OVERLOADED, flag: 'UO' };
  if (cause instanceof DialError) {
    return { status: cause.failure === 'timeout' ? 504 : 503, reason: `can't reach ${target}: ${cause.message}`, flag: 'UF' };
  }
  return { status: 500, reason: `bug in the proxy: ${messageOf(cause)}` };
}

/** A fault of the upstream is a 5xx. */
export function flagOf(fault: HttpFault): ResponseFlag {
  return fault.flag ?? (fault.status < 500 ? 'DPE' : 'UPE');
}

export interface RefusalContext {
  readonly keepAlive: boolean;
  /** An answer to HEAD says the length of a body that it doesn't have. */
  readonly headRequest: boolean;
}

/** The whole response. */
export function writeRefusal(refusal: Refusal, context: RefusalContext): string {
  const text = refusal.body ?? `${refusal.reason}\n`;
  return [
    `HTTP/1.1 ${refusal.status} ${PHRASES[refusal.status] ?? 'Error'}`,
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(text)}`,
    `x-mesh-reason: ${refusal.reason.replace(/[^\x20-\x7e]/g, '?')}`,
    ...(refusal.fields ?? []).map(([name, value]) => `${name}: ${value}`),
    ...(refusal.status === 405 ? ['Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, TRACE'] : []),
    context.keepAlive ? 'Connection: keep-alive' : 'Connection: close',
    '',
    context.headRequest ? '' : text,
  ].join('\r\n');
}

import { STATUS_CODES } from 'node:http';
import { messageOf } from '../../base/errors.ts';
import { encodeGrpcMessage, GRPC_CODES, grpcCodeOfHttpStatus, isGrpcContentType } from '../../base/grpc.ts';
import { HttpFault } from '../http1/fault.ts';
import { fieldOf } from '../http1/fields.ts';
import type { RequestHead } from '../http1/request.ts';
import type { DeniedBy } from '../observe/denials.ts';
import type { ResponseFlag } from '../observe/response-flag.ts';
import { DialError } from '../socket/dial.ts';

type FieldLines = readonly (readonly [name: string, value: string])[];

/** An answer that the proxy gives itself. The one place where causes become responses. */
export interface Refusal {
  readonly status: number;
  /** One line; goes to `x-mesh-reason` and the log. */
  readonly reason: string;
  /** Defaults to the reason. */
  readonly body?: string;
  /** Fields besides those of every refusal. */
  readonly fields?: FieldLines;
  /** What a client of gRPC is told, if it is not what the status stands for. */
  readonly grpcStatus?: number;
  /** What kind of refusal it is, for access logs and counters: Envoy's response flag. Absent where Envoy has none. */
  readonly flag?: ResponseFlag | undefined;
  /** The rule of the configuration that decided, if one did: `intention deny web => payments (precedence 9)`. */
  readonly rule?: string;
  /** What there is to remember of it, if a rule decided. */
  readonly denial?: DeniedBy;
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

/** Envoy's RBAC filter answers with this body; clients and tests of a mesh look for it. */
export function denied(reason: string, rule: string, denial: DeniedBy): Refusal {
  return { status: 403, reason, body: 'RBAC: access denied', rule, denial };
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

/** A refusal as a response of any version of HTTP. */
export interface RefusalMessage {
  readonly status: number;
  readonly fields: FieldLines;
  readonly body: string;
}

export function isGrpc({ fields }: RequestHead): boolean {
  return isGrpcContentType(fieldOf(fields, 'content-type') ?? '');
}

/** gRPC looks for its status in the head of an answer without a body, and takes 200 for granted. `request` is absent when it could not be read. */
export function refusalMessage(refusal: Refusal, request: RequestHead | undefined): RefusalMessage {
  const { status, reason, body = `${reason}\n` } = refusal;
  if (request && isGrpc(request))
    return { status: 200, fields: [['content-type', 'application/grpc'], ...grpcStatus(refusal), ...explained(refusal)], body: '' };
  const allow = status === 405 ? [['allow', 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, TRACE'] as const] : [];
  const length = ['content-length', String(Buffer.byteLength(body))] as const;
  return { status, fields: [['content-type', 'text/plain; charset=utf-8'], length, ...explained(refusal), ...allow], body };
}

/** How a refusal ends a call of gRPC: in the head if nothing has been answered yet, in trailers otherwise. */
export function grpcStatus({ status, reason, body = reason, grpcStatus: own }: Refusal): FieldLines {
  const code = own ?? GRPC_CODES.indexOf(grpcCodeOfHttpStatus(status));
  return [
    ['grpc-status', String(code)],
    ['grpc-message', encodeGrpcMessage(body)],
  ];
}

function explained({ reason, fields = [] }: Refusal): FieldLines {
  return [['x-mesh-reason', reason.replace(/[^\x20-\x7e]/g, '?')], ...fields];
}

/** The whole response, of HTTP/1. */
export function writeRefusal(refusal: Refusal, request: RequestHead | undefined, keepAlive: boolean): string {
  const { status, fields, body } = refusalMessage(refusal, request);
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Error'}`,
    ...fields.map(([name, value]) => `${name}: ${value}`),
    // In HTTP/2 the end of the stream says that an answer of gRPC has no body.
    ...(fields.some(([name]) => name === 'content-length') ? [] : ['content-length: 0']),
    keepAlive ? 'Connection: keep-alive' : 'Connection: close',
    '',
    // An answer to HEAD says the length of a body that it doesn't have.
    request?.method === 'HEAD' ? '' : body,
  ].join('\r\n');
}

/** grpc-go's names, by code. */
export const GRPC_CODES = [
  'OK',
  'Canceled',
  'Unknown',
  'InvalidArgument',
  'DeadlineExceeded',
  'NotFound',
  'AlreadyExists',
  'PermissionDenied',
  'ResourceExhausted',
  'FailedPrecondition',
  'Aborted',
  'OutOfRange',
  'Unimplemented',
  'Internal',
  'Unavailable',
  'DataLoss',
  'Unauthenticated',
] as const;

export type GrpcCodeName = (typeof GRPC_CODES)[number];

const OF_HTTP_STATUS: Readonly<Record<number, GrpcCodeName>> = {
  400: 'Internal',
  401: 'Unauthenticated',
  403: 'PermissionDenied',
  404: 'Unimplemented',
  429: 'Unavailable',
  502: 'Unavailable',
  503: 'Unavailable',
  504: 'Unavailable',
};

/** What an HTTP status means where a gRPC one is missing: the answer came from something between (gRPC's http-grpc-status-mapping). */
export function grpcCodeOfHttpStatus(status: number): GrpcCodeName {
  return OF_HTTP_STATUS[status] ?? 'Unknown';
}

/** By code, as Envoy reads them (Google's mapping for APIs). */
const TO_HTTP_STATUS = [200, 499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500, 401];

/** What a status of gRPC would be in HTTP; of one that nobody knows, 500. `code` is a `grpc-status`. */
export function httpStatusOfGrpcCode(code: string): number {
  return TO_HTTP_STATUS[Number.parseInt(code, 10)] ?? 500;
}

/** `grpc-message` is percent-encoded UTF-8; printable ASCII stays. */
export function encodeGrpcMessage(message: string): string {
  return Array.from(Buffer.from(message), (byte) =>
    byte >= 0x20 && byte <= 0x7e && byte !== 0x25 ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
  ).join('');
}

export function decodeGrpcMessage(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}

/** `application/grpc`, whatever its subtype; not gRPC-Web, which is HTTP/1 to those who read it. */
export function isGrpcContentType(contentType: string): boolean {
  return /^application\/grpc(?:$|[+;])/i.test(contentType);
}

const UNIT_MS: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1_000, m: 1, u: 1e-3, n: 1e-6 };

/** `grpc-timeout` in whole milliseconds, rounded up; undefined when it is not one. */
export function parseGrpcTimeout(text: string): number | undefined {
  const [, digits, unit] = /^([0-9]{1,8})([HMSmun])$/.exec(text) ?? [];
  return unit === undefined ? undefined : Math.ceil(Number(digits) * UNIT_MS[unit]!);
}

/** grpc-go's names, by code. */
const NAMES = [
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

export type GrpcCodeName = (typeof NAMES)[number];

/** How a call has failed. */
export class GrpcError extends Error {
  override readonly name = 'GrpcError';
  /** Any number: fake-service answers with HTTP's codes unless told otherwise. */
  readonly code: number;
  /** An encoded google.rpc.Status. */
  readonly details: Buffer | undefined;

  constructor(code: GrpcCodeName | number, message: string, details?: Buffer) {
    super(message);
    this.code = typeof code === 'number' ? code : NAMES.indexOf(code);
    this.details = details;
  }
}

/** As grpc-go prints an error: `rpc error: code = Unavailable desc = …`; a code without a name is `Code(500)`. */
export function describeError(error: Pick<GrpcError, 'code' | 'message'>): string {
  return `rpc error: code = ${NAMES[error.code] ?? `Code(${error.code})`} desc = ${error.message}`;
}

/** What an HTTP status means where a gRPC one is missing: the answer came from something between (gRPC's http-grpc-status-mapping). */
export function codeOfHttpStatus(status: number): GrpcCodeName {
  const codes: Record<number, GrpcCodeName> = {
    400: 'Internal',
    401: 'Unauthenticated',
    403: 'PermissionDenied',
    404: 'Unimplemented',
    429: 'Unavailable',
    502: 'Unavailable',
    503: 'Unavailable',
    504: 'Unavailable',
  };
  return codes[status] ?? 'Unknown';
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

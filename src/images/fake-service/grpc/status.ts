import { GRPC_CODES, type GrpcCodeName } from '../../../base/grpc.ts';

/** How a call has failed. */
export class GrpcError extends Error {
  override readonly name = 'GrpcError';
  /** Any number: fake-service answers with HTTP's codes unless told otherwise. */
  readonly code: number;
  /** An encoded google.rpc.Status. */
  readonly details: Buffer | undefined;

  constructor(code: GrpcCodeName | number, message: string, details?: Buffer) {
    super(message);
    this.code = typeof code === 'number' ? code : GRPC_CODES.indexOf(code);
    this.details = details;
  }
}

/** As grpc-go prints an error: `rpc error: code = Unavailable desc = …`; a code without a name is `Code(500)`. */
export function describeError(error: Pick<GrpcError, 'code' | 'message'>): string {
  return `rpc error: code = ${GRPC_CODES[error.code] ?? `Code(${error.code})`} desc = ${error.message}`;
}

import { GrpcError } from './status.ts';

/** What grpc-go accepts by default. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;
const PREFIX_BYTES = 5;

/** A message on the wire: not compressed, its length in four bytes, itself. */
export function frame(message: Buffer): Buffer {
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/** The messages of a stream, each as soon as it is complete. Throws a GrpcError at what can't be read. */
export async function* messagesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let pending = Buffer.alloc(0);
  for await (const chunk of chunks) {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= PREFIX_BYTES) {
      if (pending[0] !== 0) throw new GrpcError('Unimplemented', 'grpc: compressed messages are not supported');
      const length = pending.readUInt32BE(1);
      if (length > MAX_MESSAGE_BYTES)
        throw new GrpcError('ResourceExhausted', `grpc: received message larger than max (${length} vs. ${MAX_MESSAGE_BYTES})`);
      if (pending.length < PREFIX_BYTES + length) break;
      yield pending.subarray(PREFIX_BYTES, PREFIX_BYTES + length);
      pending = pending.subarray(PREFIX_BYTES + length);
    }
  }
  if (pending.length > 0) throw new GrpcError('Internal', 'unexpected EOF');
}

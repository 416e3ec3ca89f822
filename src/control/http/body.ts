import type { IncomingMessage } from 'node:http';
import { HttpError } from './answer.ts';

/** Consul's kv_max_value_size and txn_max_req_len; nothing in this API needs more. */
const MAX_BODY_BYTES = 512 * 1024;

/** Reads a whole request body. Throws an HttpError above the limit, without reading the rest. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const tooLarge = new HttpError(413, `Request body too large, max size: ${MAX_BODY_BYTES} bytes`, { headers: { Connection: 'close' } });
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) throw tooLarge;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw tooLarge;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

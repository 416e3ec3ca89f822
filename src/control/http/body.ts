import type { IncomingMessage } from 'node:http';
import { HttpError } from './answer.ts';
import type { HttpLimits } from './limits.ts';

export interface BodyLimit {
  readonly maxBytes: number;
  /** Its setting, to which Consul points whoever meets it. */
  readonly option?: 'kv_max_value_size' | 'txn_max_req_len';
}

/** Consul's kv_max_value_size and txn_max_req_len; hardly anything in this API needs more. */
export const MAX_BODY_BYTES = 512 * 1024;

const NOTHING = Buffer.alloc(0);

/** Reads a whole request body. Throws an HttpError above the limit, without reading the rest. */
export async function readBody(request: IncomingMessage, limit: BodyLimit = { maxBytes: MAX_BODY_BYTES }): Promise<Buffer> {
  if (request.headers['content-length'] === undefined && request.headers['transfer-encoding'] === undefined) return NOTHING;
  const declared = request.headers['content-length'];
  if (Number(declared ?? 0) > limit.maxBytes) throw tooLarge(limit, declared);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit.maxBytes) throw tooLarge(limit);
    chunks.push(chunk);
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}

function tooLarge({ maxBytes, option }: BodyLimit, declared?: string): HttpError {
  const size = declared === undefined ? '' : `(${declared} bytes)`;
  const see = option === undefined ? '' : `. See https://developer.hashicorp.com/docs/agent/config/config-files#${option}.`;
  const message = `Request body${size} too large, max size: ${maxBytes} bytes${see}`;
  return new HttpError(413, message, { headers: { Connection: 'close' } });
}

/** The limit of an endpoint as it is configured. */
export function withLimits(limit: BodyLimit | undefined, limits: HttpLimits | undefined): BodyLimit | undefined {
  const configured = limit?.option === 'kv_max_value_size' ? limits?.kvMaxValueSize : limit?.option && limits?.txnMaxReqLen;
  return limit === undefined || configured === undefined ? limit : { ...limit, maxBytes: configured };
}

import type { IncomingMessage } from 'node:http';
import type { Compat } from '../compatibility.ts';
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

/** Reads a whole request body. Rejects with an HttpError above the limit, without reading the rest. */
export function readBody(
  request: IncomingMessage,
  limit: BodyLimit = { maxBytes: MAX_BODY_BYTES },
  compat: Compat = 'newer',
): Buffer | Promise<Buffer> {
  const declared = request.headers['content-length'];
  if (declared === undefined && request.headers['transfer-encoding'] === undefined) return NOTHING;
  if (declared === '0') return NOTHING;
  if (Number(declared ?? 0) > limit.maxBytes) throw tooLarge(limit, compat, declared);
  // Listeners of our own: an iterator of the stream costs as much as the rest of a small write.
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit.maxBytes) {
        request.pause();
        reject(tooLarge(limit, compat));
      } else chunks.push(chunk);
    });
    request.once('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
    request.once('error', reject);
    request.once('close', () => {
      if (!request.complete) reject(new Error('the client is gone'));
    });
  });
}

/** Where Consul's versions have the documentation of a setting. */
const SETTINGS: Readonly<Record<Compat, string>> = {
  '1.8': 'https://www.consul.io/docs/agent/options.html',
  newer: 'https://developer.hashicorp.com/docs/agent/config/config-files',
};

function tooLarge({ maxBytes, option }: BodyLimit, compat: Compat, declared?: string): HttpError {
  const size = declared === undefined ? '' : `(${declared} bytes)`;
  const see = option === undefined ? '' : `. See ${SETTINGS[compat]}#${option}.`;
  const message = `Request body${size} too large, max size: ${maxBytes} bytes${see}`;
  return new HttpError(413, message, { headers: { Connection: 'close' } });
}

/** The limit of an endpoint as it is configured. */
export function withLimits(limit: BodyLimit | undefined, limits: HttpLimits | undefined): BodyLimit | undefined {
  const configured = limit?.option === 'kv_max_value_size' ? limits?.kvMaxValueSize : limit?.option && limits?.txnMaxReqLen;
  return limit === undefined || configured === undefined ? limit : { ...limit, maxBytes: configured };
}

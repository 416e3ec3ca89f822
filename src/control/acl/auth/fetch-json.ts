import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

export interface JsonCall {
  readonly url: string;
  /** PEM; empty: what the system trusts. */
  readonly ca: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Posted as JSON. */
  readonly body?: unknown;
}

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 1024 * 1024;

/** The JSON of an answer. Rejects with what went wrong, a status other than 2xx included. */
export function fetchJson({ url, ca, headers = {}, body }: JsonCall): Promise<unknown> {
  const target = new URL(url);
  const isTls = target.protocol === 'https:';
  if (!isTls && target.protocol !== 'http:')
    return Promise.reject(new Error(`unsupported protocol scheme ${JSON.stringify(target.protocol.slice(0, -1))}`));
  const text = body === undefined ? undefined : JSON.stringify(body);
  const options = {
    method: text === undefined ? 'GET' : 'POST',
    headers: { Accept: 'application/json', ...(text === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
    // One question in a while: nothing is kept open for it.
    agent: false as const,
    signal: AbortSignal.timeout(TIMEOUT_MS),
    ...(isTls && ca !== '' ? { ca } : {}),
  };
  return new Promise((resolve, reject) => {
    const outgoing = (isTls ? requestHttps : requestHttp)(target, options, (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > MAX_BYTES) response.destroy(new Error('the answer is too large'));
        else chunks.push(chunk);
      });
      response.on('error', reject);
      response.on('end', () => {
        const answer = Buffer.concat(chunks).toString();
        const status = response.statusCode ?? 0;
        if (status < 200 || status > 299) return reject(new Error(`${status} ${response.statusMessage}: ${answer.slice(0, 200)}`));
        try {
          resolve(JSON.parse(answer));
        } catch {
          reject(new Error('the answer is no JSON'));
        }
      });
    });
    outgoing.on('error', reject);
    outgoing.end(text);
  });
}

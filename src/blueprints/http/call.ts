import type { IncomingMessage } from 'node:http';
import { MeshError, messageOf } from '../../base/errors.ts';

export interface HttpCall {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload?: string;
  /** For the whole exchange. */
  readonly timeoutMs: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

/** A larger body is no value for a blueprint. */
const MAX_BODY = 1_048_576;
/** As Go's client, which Jumppad uses. */
const MAX_REDIRECTS = 10;

/**
 * Calls a URL once, following redirects. `shown`: what it is called in messages, and in the Host field. Any status is an
 * answer. Not by `fetch`, which refuses many ports.
 */
export async function callHttp(call: HttpCall, shown: string, signal: AbortSignal): Promise<HttpAnswer> {
  const { status, body } = await exchangeAll(call, { shown, max: MAX_BODY }, signal);
  return { status, body: body.toString('utf8') };
}

/** What is at a URL. Rejects where the answer is not a success, or larger than 100 MiB. */
export async function download(url: string, signal: AbortSignal): Promise<Buffer> {
  const call = { method: 'GET', url, headers: {}, timeoutMs: 300_000 };
  const { status, body } = await exchangeAll(call, { shown: url, max: 100 * MAX_BODY }, signal);
  if (status >= 200 && status < 300) return body;
  throw new MeshError('incomplete', `${url} answers with status ${status}`);
}

interface Bounds {
  readonly shown: string;
  /** Of the body, in bytes. */
  readonly max: number;
}

async function exchangeAll(call: HttpCall, bounds: Bounds, signal: AbortSignal): Promise<{ status: number; body: Buffer }> {
  const { shown } = bounds;
  const late = AbortSignal.timeout(call.timeoutMs);
  const until = AbortSignal.any([signal, late]);
  let next: HttpCall = { ...call, headers: { Host: new URL(shown).host, ...call.headers } };
  try {
    for (let redirects = 0; ; redirects++) {
      const { response, body } = await exchange(next, until, bounds);
      const status = response.statusCode ?? 0;
      const { location } = response.headers;
      if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return { status, body };
      if (redirects === MAX_REDIRECTS) throw new MeshError('incomplete', `${shown} redirects more than ${MAX_REDIRECTS} times`);
      next = redirected(next, new URL(location, next.url), status, call.headers);
    }
  } catch (error) {
    if (error instanceof MeshError) throw error;
    signal.throwIfAborted();
    if (late.aborted) throw new MeshError('incomplete', `${shown} did not answer within ${call.timeoutMs / 1000} s`);
    throw new MeshError('incomplete', `${shown} can't be called: ${messageOf(error)}`);
  }
}

/** Only a 307 and a 308 ask for the same request again; credentials are for the server that they were meant for. */
function redirected(call: HttpCall, to: URL, status: number, headers: HttpCall['headers']): HttpCall {
  const elsewhere = to.host !== new URL(call.url).host;
  const kept = Object.entries(headers).filter(([name]) => !(elsewhere && /^(authorization|cookie)$/i.test(name)));
  const { payload, ...rest } = { ...call, url: to.href, headers: Object.fromEntries(kept) };
  if (status === 307 || status === 308) return payload === undefined ? rest : { ...rest, payload };
  return { ...rest, method: call.method === 'HEAD' ? 'HEAD' : 'GET' };
}

async function exchange(call: HttpCall, signal: AbortSignal, { shown, max }: Bounds): Promise<{ response: IncomingMessage; body: Buffer }> {
  const { request } = call.url.startsWith('https:') ? await import('node:https') : await import('node:http');
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const sent = request(call.url, { method: call.method, headers: { ...call.headers }, signal, agent: false }, resolve);
    sent.on('error', reject);
    sent.end(call.payload);
  });
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > max) {
      response.destroy();
      throw new MeshError('incomplete', `${shown} answers with more than ${max} bytes`);
    }
    chunks.push(chunk);
  }
  return { response, body: Buffer.concat(chunks) };
}

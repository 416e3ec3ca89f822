import { request } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';

/** Statuses whose answers have no body: Response takes none for them. */
const BODYLESS = new Set([204, 205, 304]);

/**
 * One request over HTTP/1.1 on a connection of its own: what was pooled before, or would be after, has no part in it. Redirects are
 * handed back. Rejects with the system's error, or with the signal's reason.
 */
export async function httpCall(url: string, init: RequestInit = {}): Promise<Response> {
  const wanted = new Request(url, { ...init, ...(init.body ? { duplex: 'half' } : {}) } as RequestInit);
  const { hostname, port, pathname, search } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = request({
      host: hostname,
      port,
      path: pathname + search,
      method: wanted.method,
      headers: Object.fromEntries(wanted.headers),
      agent: false,
      signal: wanted.signal,
    });
    sent.once('error', (error) => reject(wanted.signal.aborted ? wanted.signal.reason : error));
    sent.once('response', (message) => {
      const { statusCode = 0, statusMessage = '', rawHeaders } = message;
      const headers = new Headers();
      for (let at = 0; at < rawHeaders.length; at += 2) headers.append(rawHeaders[at]!, rawHeaders[at + 1]!);
      const hasBody = !BODYLESS.has(statusCode) && wanted.method !== 'HEAD';
      if (!hasBody) message.resume();
      const body = hasBody ? (Readable.toWeb(message) as unknown as BodyInit) : null;
      resolve(new Response(body, { status: statusCode, statusText: statusMessage, headers }));
    });
    if (wanted.body) pipeline(Readable.fromWeb(wanted.body as ReadableStream), sent).catch(reject);
    else sent.end();
  });
}

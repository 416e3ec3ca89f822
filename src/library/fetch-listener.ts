import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { messageOf } from '../base/errors.ts';
import type { FetchHandler, ServiceContext } from './types.ts';

/** Serves a function from Request to Response over `node:http`. */
export function fetchListener(handler: FetchHandler, context: ServiceContext): RequestListener {
  return (message, response) => {
    answer(handler, context, message, response).catch((error: unknown) => {
      if (response.headersSent || response.destroyed) return void response.destroy();
      response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' });
      response.end(`the handler of ${context.instance} failed: ${messageOf(error)}\n`);
    });
  };
}

async function answer(handler: FetchHandler, context: ServiceContext, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const given: unknown = await handler(requestOf(message, gone.signal), context);
  if (!(given instanceof Response)) {
    throw new Error(
      `it returned ${given === null ? 'null' : typeof given}, not a Response; give a listener of node:http as { http: listener }`,
    );
  }
  const headers = [...given.headers].filter(([name]) => name !== 'set-cookie');
  for (const [name, value] of headers) response.setHeader(name, value);
  const cookies = given.headers.getSetCookie();
  if (cookies.length > 0) response.setHeader('set-cookie', cookies);
  response.writeHead(given.status, given.statusText || undefined);
  if (given.body) await pipeline(Readable.fromWeb(given.body as ReadableStream), response);
  else response.end();
}

function requestOf(message: IncomingMessage, signal: AbortSignal): Request {
  const { method = 'GET', url = '/', rawHeaders } = message;
  const headers = new Headers();
  for (let at = 0; at < rawHeaders.length; at += 2) headers.append(rawHeaders[at]!, rawHeaders[at + 1]!);
  const hasBody = method !== 'GET' && method !== 'HEAD';
  const body = hasBody ? { body: Readable.toWeb(message) as unknown as BodyInit, duplex: 'half' } : {};
  return new Request(new URL(url, `http://${message.headers.host ?? 'localhost'}`), { method, headers, signal, ...body } as RequestInit);
}

import http, { type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { systemCode } from '../../base/errors.ts';
import type { Clock } from '../../base/ports.ts';
import type { ClientConfig } from './config.ts';
import { callError, canonicalHeader, cookiesOf, headersOf } from './go-http.ts';
import { decodeResponse, type ServiceResponse } from './response.ts';
import { type Telemetry, traceHeaders } from './telemetry.ts';
import { B3_HEADERS } from './tracing/b3.ts';
import type { Span } from './tracing/tracer.ts';
import type { CallResult, Repeated } from './upstream.ts';
import type { HttpUpstream } from './upstream-uri.ts';
import type { Behaviour } from './version.ts';

export interface HttpCaller {
  call(upstream: HttpUpstream, repeated: Repeated | undefined, body: string | undefined, parent: Span | undefined): Promise<CallResult>;
  close(): void;
}

/** Of one connection, or set anew by each hop. */
const NOT_REPEATED = new Set(
  'connection content-length expect host http2-settings keep-alive proxy-connection te trailer transfer-encoding upgrade'.split(' '),
);

export function createHttpCaller(
  config: ClientConfig,
  behaviour: Pick<Behaviour, 'detailedFailures'>,
  { clock, telemetry }: { clock: Clock; telemetry: Telemetry },
): HttpCaller {
  // The global agent has idle timeouts and limits of its own.
  const agent = new http.Agent({ keepAlive: config.keepAlive });

  async function exchange(target: URL, uri: URL, headers: OutgoingHttpHeaders, body: string | undefined): Promise<Exchange> {
    const done = new AbortController();
    // https is loaded only when used: it costs as much as all the rest at start-up.
    const secure = target.protocol === 'https:' ? (await import('node:https')).request : undefined;
    const options = {
      hostname: target.hostname.replace(/^\[|\]$/g, ''),
      port: target.port,
      path: uri.pathname + uri.search,
      method: body === undefined ? 'GET' : 'POST',
      headers,
    };
    const request = secure ? secure({ ...options, rejectUnauthorized: !config.allowInsecure }) : http.request({ ...options, agent });
    try {
      return await new Promise<Exchange>((resolve, reject) => {
        request.on('error', (error) => {
          // The other side may close an idle connection just as we take it; Go too sends such a request again.
          const stale = request.reusedSocket && systemCode(error) === 'ECONNRESET' && body === undefined;
          if (stale) resolve(exchange(target, uri, headers, body));
          else reject(error);
        });
        request.on('response', (response) => {
          readAll(response).then(
            (text) => resolve({ response, text }),
            () => resolve({ response, text: undefined }),
          );
        });
        if (config.timeoutMs > 0) {
          clock.sleep(config.timeoutMs, done.signal).then(
            () => request.destroy(new Error('context deadline exceeded (Client.Timeout exceeded while awaiting headers)')),
            () => undefined,
          );
        }
        request.end(body);
      });
    } finally {
      done.abort();
    }
  }

  async function call(
    upstream: HttpUpstream,
    inbound: Repeated | undefined,
    body: string | undefined,
    parent: Span | undefined,
  ): Promise<CallResult> {
    const repeated = config.appendRequest ? inbound : undefined;
    const shown = shownUrl(upstream, repeated?.path ?? '');
    const method = body === undefined ? 'GET' : 'POST';
    const activity = telemetry.callUpstream(parent, 'HTTP', upstream.uri, { method, url: shown.href });
    const trace = traceHeaders(activity);
    const headers = { Host: shown.host, ...(repeated ? repeatedHeaders(repeated.headers, activity.span !== undefined) : {}), ...trace };
    const result = await attempt(upstream, shown, method, headers, body);
    activity.end({ code: result.response.code, error: result.error });
    return result;
  }

  async function attempt(
    upstream: HttpUpstream,
    shown: URL,
    method: string,
    sent: OutgoingHttpHeaders,
    body: string | undefined,
  ): Promise<CallResult> {
    let exchanged: Exchange;
    try {
      exchanged = await exchange(upstream.target, shown, sent, body);
    } catch (failure) {
      const error = `Error communicating with upstream service: ${callError(method, shown, failure)}`;
      return { response: { uri: upstream.uri, code: -1, error }, error };
    }
    const { response, text } = exchanged;
    const code = response.statusCode ?? 0;
    if (text === undefined) {
      const error = 'Error reading response body: unexpected EOF';
      return { response: { uri: upstream.uri, code, error }, error };
    }
    const decoded = decodeResponse(text);
    if (!decoded) telemetry.log.log('error', 'Unable to read response JSON', { uri: upstream.uri, response: code });
    const detail = behaviour.detailedFailures ? `, expected code 200, got ${code}` : '';
    const error = code === 200 ? undefined : `Error processing upstream request: ${shown.href}${detail}`;
    const headers = { headers: headersOf(response), cookies: cookiesOf(response) };
    const told: ServiceResponse = { ...decoded, uri: upstream.uri, code, ...headers, ...(error === undefined ? {} : { error }) };
    return { response: told, ...(error === undefined ? {} : { error }) };
  }

  return { call, close: () => agent.destroy() };
}

interface Exchange {
  readonly response: IncomingMessage;
  /** Undefined when it broke off. */
  readonly text: string | undefined;
}

/** The author's URI with the path of the request behind its own. */
function shownUrl(upstream: HttpUpstream, path: string): URL {
  const url = new URL(URL.canParse(upstream.uri) ? upstream.uri : upstream.target);
  if (path !== '') url.pathname = url.pathname.replace(/\/$/, '') + path;
  return url;
}

/** @param traced the trace goes on in a span of ours, so the caller's must not be passed on as well */
function repeatedHeaders(headers: http.IncomingHttpHeaders, traced: boolean): OutgoingHttpHeaders {
  const isKept = (name: string): boolean => !NOT_REPEATED.has(name) && !(traced && B3_HEADERS.has(name));
  const kept = Object.entries(headers).filter(([name, value]) => value !== undefined && isKept(name));
  return Object.fromEntries(kept.map(([name, value]) => [canonicalHeader(name), value]));
}

function readAll(response: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    response.on('error', reject);
  });
}

import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { messageOf } from '../../base/errors.ts';
import type { FakeServiceConfig } from './config.ts';
import { decideCors } from './cors.ts';
import { type Answer, configAnswer, Health, isReady, readyAnswer, uiAnswer } from './endpoints.ts';
import { type HandlerContext, handleCall, type IncomingCall } from './handler.ts';
import { encodeResponse } from './response.ts';

/** What a server tells its HTTP side of itself. */
export interface ServerState {
  /** Time since the service began to start. */
  sinceStartMs(): number;
  isClosing(): boolean;
}

/** The service over HTTP/1, and the endpoints beside it. */
export function httpListener(config: FakeServiceConfig, context: HandlerContext, state: ServerState): RequestListener {
  const { clock, log } = context;
  const health = new Health(config.healthCode);

  const route = async (request: IncomingMessage): Promise<Answer> => {
    const { behaviour } = config;
    const path = pathOf(request.url ?? '/');
    if (path === '/health') return timed('handle.health.http', context, () => health.answer());
    if (path === '/ready' && behaviour.readiness)
      return timed('handle.ready.http', context, () => readyAnswer(config.ready, state.sinceStartMs()));
    if (path.startsWith('/config/') && behaviour.runtimeConfig) return configAnswer(path, context.faults, health);
    const ui = await uiAnswer(path, config.uiPath, config.name);
    if (ui) return ui;
    if (config.ready.gatesRequests && !isReady(config.ready, state.sinceStartMs())) return { code: 503, text: '' };
    const response = await handleCall(callOf(request), config, context);
    // A status of gRPC's in ERROR_CODE is none of HTTP's.
    return { code: response.code < 200 ? 500 : response.code, text: encodeResponse(response, behaviour) };
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const receivedAt = clock.now();
    // Nothing reads the body, and an unread one would block the connection.
    request.resume();
    const cors = config.behaviour.cors ? decideCors(request, config.cors) : { headers: {} };
    const answer = cors.preflight === undefined ? await route(request) : { code: cors.preflight, text: '' };
    const { writeTimeoutMs, keepAlive } = config.server;
    // As Go's WriteTimeout: who takes longer than that to answer has lost the connection.
    if (writeTimeoutMs > 0 && clock.now() - receivedAt > writeTimeoutMs) {
      log.log('warn', 'Response took longer than HTTP_SERVER_WRITE_TIMEOUT, closing the connection');
      request.socket.destroy();
      return;
    }
    if (!keepAlive || state.isClosing()) response.setHeader('Connection', 'close');
    response.writeHead(answer.code, {
      ...cors.headers,
      'Content-Length': Buffer.byteLength(answer.text),
      ...(answer.text === '' ? {} : { 'Content-Type': 'text/plain; charset=utf-8' }),
      ...answer.headers,
    });
    response.end(answer.text);
  };

  return (request, response) => {
    serve(request, response).catch((error: unknown) => {
      log.log('error', 'Error handling request', { error: messageOf(error) });
      request.socket.destroy();
    });
  };
}

function callOf(request: IncomingMessage): IncomingCall {
  const { url: uri = '/', headers } = request;
  const fields = { request: `${request.method} ${uri} HTTP/${request.httpVersion}`, host: headers.host };
  return { type: 'HTTP', uri, headers, repeated: { path: pathOf(uri), headers }, fields };
}

/** The path of a request target, also of one in absolute form; `*` has none. */
function pathOf(target: string): string {
  if (target.startsWith('/')) return target.split('?', 1)[0]!;
  return URL.canParse(target) ? new URL(target).pathname : '';
}

function timed(metric: string, { clock, telemetry }: HandlerContext, answer: () => Answer): Answer {
  const startedAt = clock.now();
  const given = answer();
  telemetry.metrics?.timing(metric, clock.now() - startedAt, []);
  return given;
}

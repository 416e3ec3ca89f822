import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MeshError, messageOf, systemCode } from '../../base/errors.ts';
import type { Clock, Log, Random } from '../../base/ports.ts';
import type { FakeServiceConfig } from './config.ts';
import { Connections } from './connections.ts';
import { decideCors } from './cors.ts';
import { configAnswer, Health, isReady, readyAnswer } from './endpoints.ts';
import { FaultInjector } from './faults.ts';
import { type Answer, type HandlerContext, handleRequest, pathOf } from './handler.ts';
import { createUpstreamClient } from './upstream.ts';

export interface FakeServicePorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

export interface FakeService extends AsyncDisposable {
  /** What was bound; with port 0 in the configuration, the port that was found. */
  readonly address: string;
  readonly port: number;
  /** Accepts no more, lets running requests end for up to `deadlineMs` (5 s), then cuts them off. */
  close(deadlineMs?: number): Promise<void>;
}

/** Listens, then resolves. Rejects with a MeshError when the address can't be had. */
export async function startFakeService(config: FakeServiceConfig, ports: FakeServicePorts): Promise<FakeService> {
  const { clock, log } = ports;
  const startedAt = clock.now();
  const upstreams = createUpstreamClient(config.client, config.behaviour, ports);
  const context: HandlerContext = {
    ...ports,
    upstreams,
    faults: new FaultInjector(config.faults, clock),
    addresses: config.virtualAddress === undefined ? await machineAddresses() : [config.virtualAddress],
  };
  const health = new Health(config.healthCode);
  let closing = false;

  const route = async (request: IncomingMessage): Promise<Answer> => {
    const { behaviour } = config;
    const path = pathOf(request.url ?? '/');
    const sinceStartMs = clock.now() - startedAt;
    if (path === '/health') return health.answer();
    if (path === '/ready' && behaviour.readiness) return readyAnswer(config.ready, sinceStartMs);
    if (path.startsWith('/config/') && behaviour.runtimeConfig) return configAnswer(path, context.faults, health);
    if (path === '/ui' || path.startsWith('/ui/')) return { code: 501, text: 'The user interface is not built in yet\n' };
    if (config.ready.gatesRequests && !isReady(config.ready, sinceStartMs)) return { code: 503, text: '' };
    return handleRequest(request, config, context);
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
    if (!keepAlive || closing) response.setHeader('Connection', 'close');
    response.writeHead(answer.code, {
      ...cors.headers,
      'Content-Length': Buffer.byteLength(answer.text),
      ...(answer.text === '' ? {} : { 'Content-Type': 'text/plain; charset=utf-8' }),
    });
    response.end(answer.text);
  };

  const { readTimeoutMs, readHeaderTimeoutMs, idleTimeoutMs } = config.server;
  // Node takes whole milliseconds only.
  const requestTimeout = Math.ceil(readTimeoutMs);
  const headersTimeout = Math.ceil(readHeaderTimeoutMs) || requestTimeout;
  const server = http.createServer(
    {
      requestTimeout,
      headersTimeout: requestTimeout === 0 ? headersTimeout : Math.min(headersTimeout, requestTimeout),
      keepAliveTimeout: Math.ceil(idleTimeoutMs),
      // Node looks at the two above only this often; its own 30 s would make them meaningless.
      connectionsCheckingInterval: 1_000,
    },
    (request, response) => {
      serve(request, response).catch((error: unknown) => {
        log.log('error', 'Error handling request', { error: messageOf(error) });
        request.socket.destroy();
      });
    },
  );
  const connections = new Connections(server);
  const { host, port } = config.listen;
  await listen(server, host, port);
  const bound = server.address() as AddressInfo;

  let closed: Promise<void> | undefined;
  const close = (deadlineMs = 5_000): Promise<void> => {
    closing = true;
    closed ??= connections.close(deadlineMs, clock).finally(() => upstreams.close());
    return closed;
  };
  return { address: bound.address, port: bound.port, close, [Symbol.asyncDispose]: () => close() };
}

function listen(server: http.Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const reasons: Record<string, string> = {
        EADDRINUSE: 'the address is already in use',
        EADDRNOTAVAIL: 'this machine does not have the address',
        EACCES: 'permission denied',
        ENOTFOUND: 'no such host',
      };
      const reason = reasons[systemCode(error) ?? ''] ?? messageOf(error);
      reject(new MeshError('environment', `can't listen on ${host}:${port}: ${reason}`, { cause: error }));
    });
    server.listen(port, host, resolve);
  });
}

/** The original's: every IPv4 address that isn't loopback. */
async function machineAddresses(): Promise<string[]> {
  const { networkInterfaces } = await import('node:os');
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.filter((address) => address.family === 'IPv4' && !address.internal).map((address) => address.address);
}

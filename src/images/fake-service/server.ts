import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { MeshError, messageOf, systemCode } from '../../base/errors.ts';
import type { Clock, Log, Random } from '../../base/ports.ts';
import type { FakeServiceConfig, ServerConfig } from './config.ts';
import { Connections } from './connections.ts';
import { FaultInjector } from './faults.ts';
import type { HandlerContext } from './handler.ts';
import { httpListener, type ServerState } from './http.ts';
import { routeConnections } from './listener.ts';
import { startTelemetry } from './start-telemetry.ts';
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

/** Listens, then resolves. Rejects with a MeshError when the address or a certificate can't be had. */
export async function startFakeService(config: FakeServiceConfig, ports: FakeServicePorts): Promise<FakeService> {
  const { clock, log } = ports;
  const startedAt = clock.now();
  const { telemetry, stop: stopTelemetry } = await startTelemetry(config, ports);
  const upstreams = createUpstreamClient(config.client, config.behaviour, { clock, telemetry });
  // Loaded only when used, as everything that most instances don't.
  const load = config.load && new (await import('./load.ts')).LoadGenerator(config.load, ports.random, log);
  const context: HandlerContext = {
    ...ports,
    telemetry,
    upstreams,
    load,
    faults: new FaultInjector(config.faults, clock),
    addresses: config.virtualAddress === undefined ? await machineAddresses() : [config.virtualAddress],
  };
  let closing = false;
  const state: ServerState = { sinceStartMs: () => clock.now() - startedAt, isClosing: () => closing };

  const server = http.createServer(timeouts(config.server), httpListener(config, context, state));
  const connections = new Connections(server);
  const serveHttp2 = async (socket: Socket): Promise<void> => {
    const [{ serveGrpc }, { grpcMethods }] = await Promise.all([import('./grpc/server.ts'), import('./grpc/service.ts')]);
    if (!socket.destroyed) connections.upgrade(socket, serveGrpc(socket, grpcMethods(config, context, state), log));
  };
  await routeConnections(server, config, connections, (socket) => {
    serveHttp2(socket).catch((error: unknown) => {
      log.log('error', 'gRPC connection failed', { error: messageOf(error) });
      socket.destroy();
    });
  });
  const { host, port } = config.listen;
  await listen(server, host, port);
  const bound = server.address() as AddressInfo;
  telemetry.metrics?.increment('service.started');

  const end = async (deadlineMs: number): Promise<void> => {
    await connections.close(deadlineMs, clock);
    upstreams.close();
    await Promise.all([load?.close(), stopTelemetry()]);
  };
  let closed: Promise<void> | undefined;
  const close = (deadlineMs = 5_000): Promise<void> => {
    closing = true;
    closed ??= end(deadlineMs);
    return closed;
  };
  return { address: bound.address, port: bound.port, close, [Symbol.asyncDispose]: () => close() };
}

function timeouts({ readTimeoutMs, readHeaderTimeoutMs, idleTimeoutMs }: ServerConfig): http.ServerOptions {
  // Node takes whole milliseconds only.
  const requestTimeout = Math.ceil(readTimeoutMs);
  const headersTimeout = Math.ceil(readHeaderTimeoutMs) || requestTimeout;
  return {
    requestTimeout,
    headersTimeout: requestTimeout === 0 ? headersTimeout : Math.min(headersTimeout, requestTimeout),
    keepAliveTimeout: Math.ceil(idleTimeoutMs),
    // Node looks at the two above only this often; its own 30 s would make them meaningless.
    connectionsCheckingInterval: 1_000,
  };
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

import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { TappedRequest } from '../../../src/api/tapped-request.ts';
import { call } from '../../../src/app/rpc/client.ts';
import { silentLog } from '../../../src/base/ports.ts';
import { followAgent } from '../../../src/proxy/client.ts';
import { createDataPlane, type DataPlane } from '../../../src/proxy/dataplane.ts';
import { put } from '../../catalog/registrations.ts';
import { openTestPlane, realClock, registration, type TestPlane } from '../../control/harness.ts';
import { freePorts } from '../../free-ports.ts';
import { httpApp, type TestApp } from '../../proxy/fixture/sockets.ts';
import { Collector } from '../../proxy/observe/trace/collector.ts';
import { type OpenServer, openRpc } from '../rpc/open.ts';

const LOOPBACK = '127.0.0.1';
const OPTIONS = { version: '1' };

let test: TestPlane;
let dataPlane: DataPlane;
let rpc: OpenServer;
let app: TestApp;
let collector: Collector;
let stop: AbortController;
let following: Promise<void>;
let upstream: number;
let metricsPort: number;

/** web -> payments, from config entries over the link to a data plane that serves them, with an agent's socket beside. */
beforeEach(async () => {
  app = await httpApp((_request, response) => response.end('hello'));
  collector = await Collector.start();
  test = await openTestPlane();
  const { plane, dir } = test;
  dataPlane = createDataPlane({ log: silentLog, clock: realClock, logDir: dir });
  stop = new AbortController();
  const socketPath = join(dir, 'dp.sock');
  const [web, payments, up, metrics] = (await freePorts(4)) as [number, number, number, number];
  [upstream, metricsPort] = [up, metrics];
  const at = (port: number) => port - 11_000;
  const upstreams = [{ name: 'payments', port: upstream }];
  const called = registration({ node: 'p', address: LOOPBACK, name: 'payments', port: at(payments) });
  if (called.type === 'register') Object.assign(called.services![1]!.Proxy!, { LocalServicePort: app.at.port });
  const otlp = {
    name: 'envoy.tracers.opentelemetry',
    typed_config: { grpc_service: { google_grpc: { target_uri: collector.url.slice(7) } } },
  };
  const defaults = {
    Config: {
      protocol: 'http',
      envoy_tracing_json: JSON.stringify({ http: otlp }),
      envoy_listener_tracing_json: '{"randomSampling": {"value": 100}}',
    },
    AccessLogs: { Enabled: true, TextFormat: '%REQ(:PATH)% %RESPONSE_CODE% %MESH_SOURCE%' },
  };
  await plane.commit([
    put('proxy-defaults', 'global', defaults),
    registration({ node: 'w', address: LOOPBACK, name: 'web', port: at(web), upstreams }),
    called,
  ]);
  plane.host({ dc: 'dc1', node: 'w', id: 'web-sidecar-proxy' }, { extraLoopback: false });
  plane.host({ dc: 'dc1', node: 'p', id: 'payments-sidecar-proxy' }, { extraLoopback: false });
  await plane.listenDataplane(socketPath);
  following = followAgent({ socketPath, dataPlane, version: '1', pid: 1, log: silentLog, clock: realClock, signal: stop.signal });
  await plane.synced(AbortSignal.timeout(10_000));
  rpc = await openRpc({
    metrics: async ({ params }) => ({ text: await plane.metrics(params.format, params.proxy, AbortSignal.timeout(5_000)) }),
  });
});
afterEach(async () => {
  stop.abort();
  await following;
  await rpc[Symbol.asyncDispose]();
  await dataPlane.close(0);
  await test[Symbol.asyncDispose]();
  await collector.close();
  await app.close();
});

function get(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    request({ host: LOOPBACK, port: upstream, path, agent: false }, (response) => resolve(text(response)))
      .on('error', reject)
      .end();
  });
}

it('what entries ask for is told: a line, two spans and counters for a request', async () => {
  expect(await get('/orders')).toBe('hello');
  const counted = await call(rpc.path, 'metrics', { format: 'prometheus', proxy: 'web' }, OPTIONS);
  expect(counted.text).toMatch(
    /^envoy_cluster_upstream_rq_total\{.*proxy="dc1\/w\/web-sidecar-proxy",.*consul_destination_service="payments",.*\} 1$/m,
  );
  expect(counted.text).not.toContain('proxy="dc1/p/');
  stop.abort();
  await dataPlane.close(0);
  expect(await readFile(join(test.dir, 'access.dc1_w_web-sidecar-proxy.log'), 'utf8')).toBe('/orders 200 web\n');
  expect(await readFile(join(test.dir, 'access.dc1_p_payments-sidecar-proxy.log'), 'utf8')).toBe('/orders 200 web\n');
  const sent = collector.bodies.flatMap(({ json }) => (json as { resourceSpans: { resource: unknown }[] }).resourceSpans);
  expect(JSON.stringify(sent)).toContain('GET payments');
  expect(collector.bodies[0]!.path).toBe('/v1/traces');
});

it('an entry that is written later opens the port of metrics', async () => {
  const Config = { protocol: 'http', envoy_prometheus_bind_addr: `${LOOPBACK}:${metricsPort}` };
  await test.plane.commit([put('proxy-defaults', 'global', { Config })]);
  await test.plane.synced(AbortSignal.timeout(10_000));
  const answer = await fetch(`http://${LOOPBACK}:${metricsPort}/metrics`);
  expect(await answer.text()).toMatch(/^envoy_server_live\{local_cluster="(web|payments)",/m);
});

it('a tap tells of requests until it is ended, whatever other taps there are', async () => {
  const told: TappedRequest[] = [];
  const cancel = new AbortController();
  let heard = (): void => undefined;
  const first = new Promise<void>((resolve) => {
    heard = resolve;
  });
  const onTapped = (requests: readonly TappedRequest[]): void => {
    told.push(...requests);
    heard();
  };
  const filter = { direction: 'inbound', pathPrefix: '/yes' } as const;
  const tap = test.plane.tap(filter, onTapped, cancel.signal);
  const detach = new AbortController();
  const other = test.plane.tap({}, () => undefined, detach.signal);
  // It may open after the first of these.
  while (told.length === 0) await Promise.race([first, Promise.all([get('/no'), get('/yes')])]);
  cancel.abort();
  await tap;
  detach.abort();
  await other;
  expect(told[0]).toMatchObject({ source: 'web', destination: 'payments', target: '/yes', status: 200, cluster: 'local_app' });
  expect(told.every(({ target }) => target === '/yes')).toBe(true);
  expect(rpc.bugs).toEqual([]);
});

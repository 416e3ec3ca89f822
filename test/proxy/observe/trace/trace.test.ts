import type { IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Tracing } from '../../../../src/compile/proxy-config.ts';
import { callUpstream } from '../../fixture/http.ts';
import { Mesh, type MeshOptions } from '../../fixture/mesh.ts';
import { httpApp, type TestApp } from '../../fixture/sockets.ts';
import { Collector } from './collector.ts';

interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly status: { readonly code?: number; readonly message?: string };
  readonly attributes: readonly { key: string; value: { stringValue?: string; intValue?: string } }[];
}
interface Otlp {
  readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[] }[];
}

let collector: Collector;
let mesh: Mesh;
let app: TestApp;
let seen: IncomingHttpHeaders[];

beforeEach(async () => {
  collector = await Collector.start();
  seen = [];
});
afterEach(async () => {
  await mesh.close();
  await app.close();
  await collector.close();
});

async function start(tracing: Partial<Tracing> = {}, options: Partial<MeshOptions> = {}): Promise<void> {
  app = await httpApp((request, response) => {
    seen.push(request.headers);
    response.writeHead(request.url === '/broken' ? 500 : 200).end('hello');
  });
  const all: Tracing = { protocol: 'otlp', url: `${collector.url}/v1/traces`, service: 'shop', samplePercent: 100, ...tracing };
  mesh = await Mesh.start({ app: app.at, protocol: 'http', telemetry: { tracing: all }, ...options });
}

const get = async (path: string, headers = {}) => text(await callUpstream(mesh, { path, headers }));

/** All that came, once both sidecars have let go of what they held back. */
async function spans(): Promise<OtlpSpan[]> {
  await mesh.configure({ telemetry: undefined });
  for (let i = 0; i < 500 && collector.bodies.length < 2; i++) await new Promise((resolve) => setTimeout(resolve, 10));
  return collector.bodies
    .flatMap(({ json }) => (json as Otlp).resourceSpans)
    .flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
}

const attributes = (span: OtlpSpan) =>
  Object.fromEntries(span.attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue]));

describe('a trace', () => {
  it('is begun where there is none: a client span at the sender, a server span within it at the other end', async () => {
    await start();
    await get('/orders?secret=1');
    const found = await spans();
    const client = found.find(({ kind }) => kind === 3)!;
    const server = found.find(({ kind }) => kind === 2)!;
    expect(found).toHaveLength(2);
    expect(client.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(client).not.toHaveProperty('parentSpanId');
    expect(server).toMatchObject({ traceId: client.traceId, parentSpanId: client.spanId, name: 'GET payments', status: {} });
    expect(seen[0]!['traceparent']).toBe(`00-${server.traceId}-${server.spanId}-01`);
    expect(BigInt(server.startTimeUnixNano)).toBeLessThanOrEqual(BigInt(server.endTimeUnixNano));
    expect(attributes(client)).toMatchObject({
      'http.request.method': 'GET',
      'url.path': '/orders',
      'http.response.status_code': '200',
      'peer.service': 'payments',
      'mesh.route': '/*',
      'mesh.upstream_cluster': 'payments.default.default.dc1',
    });
    expect(attributes(server)).toMatchObject({ 'peer.service': 'web', 'mesh.upstream_cluster': 'local_app' });
    expect(JSON.stringify(collector.bodies)).not.toContain('secret');
    const [resource] = (collector.bodies[0]!.json as { resourceSpans: { resource: unknown }[] }).resourceSpans;
    expect(resource!.resource).toEqual({ attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] });
  });

  it.each([
    [{ traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', tracestate: 'a=b' }, '0af7651916cd43dd8448eb211c80319c'],
    [{ b3: 'a3ce929d0e0e4736-00f067aa0ba902b7-1' }, '0000000000000000a3ce929d0e0e4736'],
    [
      { 'X-B3-TraceId': '463ac35c9f6413ad48485a3953bb6124', 'X-B3-SpanId': 'a2fb4a1d1a96d312', 'X-B3-Sampled': '1' },
      '463ac35c9f6413ad48485a3953bb6124',
    ],
  ])('is followed in the form in which it comes, even if none is begun: %j', async (headers, traceId) => {
    await start({ samplePercent: 0 });
    await get('/', headers);
    const found = await spans();
    expect(found.map((span) => span.traceId)).toEqual([traceId, traceId]);
    const server = found.find(({ kind }) => kind === 2)!;
    const carried = { traceparent: seen[0]!['traceparent'], b3: seen[0]!['b3'], multi: seen[0]!['x-b3-traceid'] };
    const [form] = Object.keys(headers);
    const parent = found.find(({ kind }) => kind === 3)!.spanId;
    if (form === 'traceparent')
      expect([carried, seen[0]!['tracestate']]).toEqual([{ traceparent: `00-${traceId}-${server.spanId}-01` }, 'a=b']);
    else if (form === 'b3') expect(carried).toEqual({ b3: `${traceId}-${server.spanId}-1-${parent}` });
    else expect([carried, seen[0]!['x-b3-spanid'], seen[0]!['x-b3-parentspanid']]).toEqual([{ multi: traceId }, server.spanId, parent]);
  });

  it.each([{ traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00' }, { b3: '0' }, { 'x-b3-sampled': '0' }])(
    'is left as it is where the sender wants none: %j',
    async (headers) => {
      await start();
      await get('/', headers);
      await mesh.configure({ telemetry: undefined });
      expect(seen[0]).toMatchObject(headers);
      expect(collector.bodies).toEqual([]);
    },
  );

  it('that nobody began is not begun where nothing is sampled, and a decision against it is told', async () => {
    await start({ samplePercent: 0 });
    await get('/', { traceparent: 'nonsense' });
    expect(seen[0]!['traceparent']).toBe('nonsense');
    await mesh.configure({ telemetry: { tracing: { protocol: 'otlp', url: collector.url, service: 'shop', samplePercent: 1e-9 } } });
    await get('/');
    expect(seen[1]!['traceparent']).toMatch(/-00$/);
    expect(collector.bodies).toEqual([]);
  });

  it('shows failures and refusals, with their reason', async () => {
    await start({}, { intentions: [{ source: 'web', action: 'deny', precedence: 9 }] });
    await get('/');
    const found = await spans();
    const server = found.find(({ kind }) => kind === 2)!;
    expect(server.parentSpanId).toBe(found.find(({ kind }) => kind === 3)!.spanId);
    expect(attributes(server)).toMatchObject({ 'http.response.status_code': '403', 'mesh.rule': expect.stringContaining('deny web') });
    expect(Object.fromEntries(found.map(({ kind, status }) => [kind, status.code]))).toEqual({ 2: undefined, 3: 2 });
  });

  it('goes to Zipkin, for whom it is begun in B3', async () => {
    await start({ protocol: 'zipkin', url: `${collector.url}/api/v2/spans` });
    await get('/broken');
    await mesh.configure({ telemetry: undefined });
    for (let i = 0; i < 500 && collector.bodies.length < 2; i++) await new Promise((resolve) => setTimeout(resolve, 10));
    const found = collector.bodies.flatMap(({ json }) => json as Record<string, unknown>[]);
    const server = found.find(({ kind }) => kind === 'SERVER')!;
    expect(server).toMatchObject({
      traceId: seen[0]!['x-b3-traceid'],
      id: seen[0]!['x-b3-spanid'],
      parentId: found.find(({ kind }) => kind === 'CLIENT')!['id'],
      name: 'GET payments',
      localEndpoint: { serviceName: 'shop' },
      remoteEndpoint: { serviceName: 'web' },
      tags: { 'http.response.status_code': '500', error: '500' },
    });
    expect(server['duration']).toBeGreaterThan(0);
    expect(collector.bodies[0]!.path).toBe('/api/v2/spans');
  });
});

it('a collector that is not there is said once, and traffic goes on', async () => {
  await start({ url: 'http://127.0.0.1:1/v1/traces' });
  for (const path of ['/1', '/2', '/3']) expect(await get(path)).toBe('hello');
  await mesh.close();
  expect(mesh.log.lines.filter(({ message }) => message === 'spans not taken')).toHaveLength(2);
});

it('a request without an id gets one where traces or access logs may name it, and keeps its own', async () => {
  await start();
  await get('/');
  await get('/', { 'x-request-id': 'mine' });
  expect(seen[0]!['x-request-id']).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(seen[1]!['x-request-id']).toBe('mine');
  await mesh.configure({ telemetry: undefined });
  await get('/');
  expect(seen[2]).not.toHaveProperty('x-request-id');
});

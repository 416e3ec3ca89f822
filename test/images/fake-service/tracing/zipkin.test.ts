import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { preciseClock } from '../../../../src/images/fake-service/clock.ts';
import { createRandom } from '../../../../src/images/fake-service/random.ts';
import type { ZipkinSpan } from '../../../../src/images/fake-service/tracing/tracer.ts';
import { callGrpc } from '../grpc/harness.ts';
import { closedPort, ManualClock, request, type Started, start } from '../harness.ts';

const running: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.close();
});

/** Keeps what is posted to it. */
async function collector() {
  const posts: { url: string | undefined; headers: http.IncomingHttpHeaders; spans: ZipkinSpan[] }[] = [];
  const server = http.createServer((incoming, response) => {
    let body = '';
    incoming.on('data', (chunk) => {
      body += chunk;
    });
    incoming.on('end', () => {
      posts.push({ url: incoming.url, headers: incoming.headers, spans: JSON.parse(body) });
      response.writeHead(202).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  running.push({ close: () => server.close() && server.closeAllConnections() });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, posts };
}

const serve = (env: Record<string, string>, clock = preciseClock()): Promise<Started> => start(env, clock, createRandom(undefined));
const byName = (spans: ZipkinSpan[], name: string) => spans.find((span) => span.name === name)!;

it('traces a request through its upstreams', async () => {
  const zipkin = await collector();
  const env = { TRACING_ZIPKIN: zipkin.url };
  const currency = await serve({ ...env, NAME: 'currency' });
  const payments = await serve({ ...env, NAME: 'payments', UPSTREAM_URIS: `grpc://127.0.0.1:${currency.service.port}` });
  const web = await serve({ ...env, NAME: 'web', UPSTREAM_URIS: payments.url });
  await request(`${web.url}/pay`);
  for (const { service } of [web, payments, currency]) await service.close();

  expect(zipkin.posts[0]).toMatchObject({ url: '/api/v2/spans', headers: { 'content-type': 'application/json', b3: '0' } });
  const [ofWeb, ofPayments, ofCurrency] = ['web', 'payments', 'currency'].map((name) =>
    zipkin.posts.flatMap(({ spans }) => spans).filter((span) => span.localEndpoint.serviceName === name),
  );
  const root = byName(ofWeb!, 'handle_request');
  expect(root).toMatchObject({
    kind: 'SERVER',
    localEndpoint: { serviceName: 'web', ipv4: '10.5.0.100' },
    tags: { response: '200' },
    annotations: [{ value: 'service.type:http' }],
  });
  expect(root.id).toBe(root.traceId);
  expect(root).not.toHaveProperty('parentId');
  expect(Math.abs(root.timestamp / 1000 - Date.now())).toBeLessThan(60_000);
  const call = byName(ofWeb!, 'call_upstream');
  expect(call).toMatchObject({
    kind: 'CLIENT',
    traceId: root.traceId,
    parentId: root.id,
    tags: { 'http.url': `${payments.url}/pay`, 'http.method': 'GET', response: '200' },
  });
  const shared = byName(ofPayments!, 'handle_request');
  expect(shared).toMatchObject({ kind: 'SERVER', shared: true, traceId: root.traceId, id: call.id, parentId: root.id });
  const grpc = byName(ofPayments!, 'call_upstream');
  expect(byName(ofCurrency!, 'handle_request')).toMatchObject({
    traceId: root.traceId,
    id: grpc.id,
    parentId: shared.id,
    tags: { response: '0' },
    annotations: [{ value: 'service.type:grpc' }],
  });
});

it('continues the caller’s trace, and says what failed', async () => {
  const zipkin = await collector();
  const web = await serve({ TRACING_ZIPKIN: zipkin.url, ERROR_RATE: '1' });
  await request(web.url, { headers: { b3: '463ac35c9f6413ad-a2fb4a1d1a96d312-1' } });
  await callGrpc(web.url, { headers: { 'x-b3-traceid': '1', 'x-b3-spanid': '2', 'x-b3-sampled': '0' } });
  await web.service.close();
  expect(zipkin.posts.flatMap(({ spans }) => spans)).toMatchObject([
    {
      traceId: '463ac35c9f6413ad',
      id: 'a2fb4a1d1a96d312',
      tags: { error: 'true', response: '500' },
      annotations: [{ value: 'service.type:http' }, { value: 'error:Service error automatically injected' }],
    },
  ]);
  expect(web.lines.find((line) => line.includes('Handle inbound request'))).toContain('"trace_id":"463ac35c9f6413ad"');
});

it('passes on its own span only, in whatever form the caller’s came', async () => {
  const received: http.IncomingHttpHeaders[] = [];
  const upstream = http.createServer((incoming, response) => {
    received.push(incoming.headers);
    response.end('{}');
  });
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  running.push({ close: () => upstream.close() && upstream.closeAllConnections() });
  const uri = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
  const b3 = '463ac35c9f6413ad-a2fb4a1d1a96d312-0';
  const traced = await serve({ TRACING_ZIPKIN: 'log', UPSTREAM_URIS: uri });
  const untraced = await serve({ UPSTREAM_URIS: uri });
  for (const { url, service } of [traced, untraced]) {
    await request(url, { headers: { b3 } });
    await service.close();
  }
  expect(received[0]).toMatchObject({
    'x-b3-traceid': '463ac35c9f6413ad',
    'x-b3-parentspanid': 'a2fb4a1d1a96d312',
    'x-b3-spanid': expect.stringMatching(/^[0-9a-f]{16}$/),
    'x-b3-sampled': '0',
  });
  expect(received[0]).not.toHaveProperty('b3');
  expect(received[1]).toMatchObject({ b3 });
});

it('without a URL writes spans to the log', async () => {
  const web = await serve({ TRACING_ZIPKIN: 'log' });
  await request(web.url);
  await web.service.close();
  expect(web.lines.some((line) => line.startsWith('info Span ') && line.includes('handle_request'))).toBe(true);
});

it('sends once a second, and says once that nobody is there', async () => {
  const clock = new ManualClock();
  const web = await serve({ TRACING_ZIPKIN: `http://127.0.0.1:${await closedPort()}` }, clock);
  for (const _ of [1, 2]) {
    await request(web.url);
    await clock.sleeping(1_000);
    clock.advance(1_000);
    await expect.poll(() => web.lines.some((line) => line.includes('Unable to send spans'))).toBe(true);
  }
  await web.service.close();
  const warnings = web.lines.filter((line) => line.startsWith('warn'));
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toMatch(/^warn Unable to send spans to Zipkin .*\/api\/v2\/spans.*ECONNREFUSED/);
});

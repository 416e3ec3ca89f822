import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { callGrpc } from './grpc/harness.ts';
import { closedPort, ManualClock, request, type Started, start } from './harness.ts';

const running: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.close();
});

async function serve(env: Record<string, string> = {}, clock?: ManualClock): Promise<Started> {
  const started = await start(env, clock);
  running.push(started.service);
  return started;
}

const grpcUri = ({ service }: Started): string => `grpc://127.0.0.1:${service.port}`;
const callsOf = async (url: string, path = '/') => {
  const { status, text } = await request(url + path);
  return { status, calls: JSON.parse(text).upstream_calls };
};

it('are shown with their type and headers, without path and headers of the request', async () => {
  const payments = await serve({ NAME: 'payments', MESSAGE: 'ok' });
  const web = await serve({ NAME: 'web', UPSTREAM_URIS: grpcUri(payments), MESH_ORIGINAL_UPSTREAM_URIS: 'grpc://10.5.0.110:9090' });
  const { status, calls } = await callsOf(web.url, '/currency');
  expect(status).toBe(200);
  expect(calls['grpc://10.5.0.110:9090']).toMatchObject({
    name: 'payments',
    uri: 'grpc://10.5.0.110:9090',
    type: 'gRPC',
    headers: { 'content-type': 'application/grpc' },
    body: 'ok',
    code: 0,
  });
  expect(payments.lines.at(-1)).toContain('"host":"10.5.0.110:9090"');
});

it('go through protocols in turn, across releases', async () => {
  const currency = await serve({ NAME: 'currency', MESH_IMAGE_TAG: 'v0.9.0' });
  const payments = await serve({ NAME: 'payments', UPSTREAM_URIS: `${currency.url}/v1`, UPSTREAM_REQUEST_BODY: 'x' });
  const web = await serve({ NAME: 'web', MESH_IMAGE_TAG: 'v0.9.0', UPSTREAM_URIS: grpcUri(payments) });
  const [call] = (await callsOf(web.url, '/a')).calls;
  expect(call).toMatchObject({ name: 'payments', type: 'gRPC', code: 0 });
  expect(call.upstream_calls).toMatchObject([{ name: 'currency', type: 'HTTP', uri: `${currency.url}/v1`, code: 200 }]);
  expect(currency.lines.join('\n')).toContain('POST /v1 HTTP/1.1');
});

it('that fail make the request fail, in the words of grpc-go', async () => {
  const failing = await serve({ NAME: 'payments', ERROR_RATE: '1', ERROR_CODE: '503' });
  const nobody = `grpc://127.0.0.1:${await closedPort()}`;
  const env = {
    UPSTREAM_URIS: `${nobody},${grpcUri(failing)}`,
    MESH_ORIGINAL_UPSTREAM_URIS: 'grpc://10.5.0.9:9090,grpc://10.5.0.110:9090',
  };
  const web = await serve(env);
  const { status, calls } = await callsOf(web.url);
  expect(status).toBe(500);
  expect(calls['grpc://10.5.0.9:9090']).toEqual({
    uri: 'grpc://10.5.0.9:9090',
    type: 'gRPC',
    code: 14,
    error:
      'rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing dial tcp 10.5.0.9:9090: connect: connection refused"',
  });
  expect(calls['grpc://10.5.0.110:9090']).toMatchObject({
    name: 'payments',
    type: 'gRPC',
    code: 503,
    error: 'rpc error: code = Code(503) desc = Service error automatically injected',
  });
  const { headers } = await callGrpc(web.url);
  expect(headers).toMatchObject({ 'grpc-status': '13', 'grpc-message': expect.stringContaining('code = Unavailable') });
});

it('are made again over a new connection when the old one has gone', async () => {
  const first = await serve({ NAME: 'first' });
  const web = await serve({ UPSTREAM_URIS: grpcUri(first) });
  await request(web.url);
  await first.service.close();
  expect((await callsOf(web.url)).status).toBe(500);
  const second = await serve({ NAME: 'second', LISTEN_ADDR: `127.0.0.1:${first.service.port}` });
  expect((await callsOf(web.url)).calls[grpcUri(second)].name).toBe('second');
});

it('end after HTTP_CLIENT_REQUEST_TIMEOUT', async () => {
  const clock = new ManualClock();
  const slow = await serve({ TIMING_50_PERCENTILE: '1h' }, clock);
  const web = await serve({ UPSTREAM_URIS: grpcUri(slow), HTTP_CLIENT_REQUEST_TIMEOUT: '3s' }, clock);
  const answer = callsOf(web.url);
  await Promise.all([clock.sleeping(3_600_000), clock.sleeping(3_000)]);
  clock.advance(3_000);
  const { code, error } = (await answer).calls[grpcUri(slow)];
  expect([code, error]).toEqual([4, 'rpc error: code = DeadlineExceeded desc = context deadline exceeded']);
  clock.advance(3_600_000);
});

it('report what answers without gRPC', async () => {
  const plain = http.createServer((_, response) => response.writeHead(200).end('x'));
  await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
  running.push({ close: () => plain.close() && plain.closeAllConnections() });
  const uri = `127.0.0.1:${(plain.address() as AddressInfo).port}`;
  const web = await serve({ UPSTREAM_URIS: uri });
  const { status, calls } = await callsOf(web.url);
  expect([status, calls[uri].code]).toEqual([500, 14]);
});

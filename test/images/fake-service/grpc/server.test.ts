import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { decodeStatusDetail } from '../../../../src/images/fake-service/grpc/messages.ts';
import { ManualClock, request, type Started, start } from '../harness.ts';
import { callGrpc } from './harness.ts';

const running: Started[] = [];
afterEach(async () => {
  for (const { service } of running.splice(0)) await service.close();
});

async function serve(env: Record<string, string> = {}, clock?: ManualClock): Promise<Started> {
  const started = await start(env, clock);
  running.push(started);
  return started;
}

describe('one port', () => {
  it('serves HTTP and gRPC', async () => {
    const { url } = await serve({ NAME: 'web', MESSAGE: 'hi' });
    const { headers, json } = await callGrpc(url);
    expect(headers).toMatchObject({ ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '0' });
    expect(json).toMatchObject({ name: 'web', type: 'gRPC', ip_addresses: ['10.5.0.100'], body: 'hi', code: 0 });
    expect(json).not.toHaveProperty('uri');
    expect(JSON.parse((await request(url)).text)).toMatchObject({ type: 'HTTP', code: 200 });
  });

  it('does so also when the first bytes come one by one', async () => {
    const { service } = await serve();
    const socket = connect(service.port, '127.0.0.1').setEncoding('utf8');
    const answer = once(socket, 'data');
    for (const c of 'PUT / HTTP/1.1\r\nHost: x\r\n\r\n') {
      socket.write(c);
      await new Promise(setImmediate);
    }
    expect((await answer)[0]).toMatch(/^HTTP\/1\.1 200 /);
    socket.destroy();
  });

  it('before v0.23 serves what SERVER_TYPE says', async () => {
    const grpc = await serve({ MESH_IMAGE_TAG: 'v0.9.0', SERVER_TYPE: 'grpc' });
    expect((await callGrpc(grpc.url)).json).toMatchObject({ type: 'gRPC', Headers: null, code: 0 });
    await expect(request(grpc.url)).rejects.toThrow();
    const http = await serve({ MESH_IMAGE_TAG: 'v0.9.0' });
    await expect(callGrpc(http.url)).rejects.toThrow();
  });
});

describe('a failed call', () => {
  it('has the code of the injected error, and the JSON as a detail', async () => {
    const { url } = await serve({ NAME: 'web', ERROR_RATE: '1', ERROR_CODE: '500' });
    const { headers, messages } = await callGrpc(url);
    expect(headers).toMatchObject({ ':status': 200, 'grpc-status': '500', 'grpc-message': 'Service error automatically injected' });
    expect(messages).toEqual([]);
    const detail = decodeStatusDetail(Buffer.from(String(headers['grpc-status-details-bin']), 'base64'));
    expect(JSON.parse(detail!)).toMatchObject({ name: 'web', type: 'gRPC', code: 500, error: 'Service error automatically injected' });
  });

  it('over HTTP has status 500 where the code is one of gRPC', async () => {
    const { url } = await serve({ ERROR_RATE: '1', ERROR_CODE: '14' });
    const { status, text } = await request(url);
    expect([status, JSON.parse(text).code]).toEqual([500, 14]);
    expect((await callGrpc(url)).headers['grpc-status']).toBe('14');
  });

  it.each<[string, Parameters<typeof callGrpc>[1], Record<string, unknown>]>([
    ['another service', { path: '/Nobody/Handle' }, { 'grpc-status': '12', 'grpc-message': 'unknown service Nobody' }],
    ['another method', { path: '/FakeService/X' }, { 'grpc-status': '12', 'grpc-message': 'unknown method X for service FakeService' }],
    ['no method', { path: '/' }, { 'grpc-status': '12', 'grpc-message': 'malformed method name: "/"' }],
    ['other content', { headers: { 'content-type': 'text/plain' } }, { ':status': 415 }],
    ['health, which the original does not have', { path: '/grpc.health.v1.Health/Check' }, { 'grpc-status': '12' }],
  ])('for %s', async (_, sent, headers) => {
    const { url } = await serve();
    expect((await callGrpc(url, sent)).headers).toMatchObject(headers);
  });

  it('is unavailable until ready, when asked to be', async () => {
    const clock = new ManualClock();
    const { url } = await serve({ READY_CHECK_RESPONSE_DELAY: '5s', READY_CHECK_ROOT_PATH_WAIT_TILL_READY: 'true' }, clock);
    expect((await callGrpc(url)).headers).toMatchObject({ 'grpc-status': '14', 'grpc-message': 'Server Unavailable' });
    clock.advance(5_000);
    expect((await callGrpc(url)).headers['grpc-status']).toBe('0');
  });
});

it('close lets a running call end', async () => {
  const clock = new ManualClock();
  const { service, url } = await start({ TIMING_50_PERCENTILE: '1s' }, clock);
  const answer = callGrpc(url);
  await clock.sleeping(1_000);
  const closed = service.close();
  clock.advance(1_000);
  expect((await answer).headers['grpc-status']).toBe('0');
  await closed;
});

it('close cuts off what takes longer than the deadline', async () => {
  const clock = new ManualClock();
  const { service, url } = await start({ TIMING_50_PERCENTILE: '1h' }, clock);
  const answer = callGrpc(url);
  await clock.sleeping(3_600_000);
  const closed = service.close(5_000);
  clock.advance(5_000);
  expect((await answer).headers).not.toHaveProperty('grpc-status');
  await closed;
});

import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import type { TapFilter, TappedRequest } from '../../../src/compile/proxy-config.ts';
import { Taps } from '../../../src/proxy/observe/taps.ts';
import { callUpstream } from '../fixture/http.ts';
import { Mesh, type MeshOptions, PAYMENTS, WEB } from '../fixture/mesh.ts';
import { eventually, httpApp, send, type TestApp } from '../fixture/sockets.ts';

let mesh: Mesh;
let app: TestApp;

async function start(options: MeshOptions = {}): Promise<void> {
  app = await httpApp((request, response) => {
    response.setHeader('Set-Cookie', 'session=secret');
    response.writeHead(request.url?.startsWith('/missing') ? 404 : 200).end('hello');
  });
  mesh = await Mesh.start({ app: app.at, protocol: 'http', ...options });
}

afterEach(async () => {
  await mesh.close();
  await app.close();
});

describe('a tap', () => {
  it('tells of a request as both sidecars have seen it, without what lets somebody in', async () => {
    await start();
    const told: TappedRequest[] = [];
    const listen = (requests: readonly TappedRequest[]) => told.push(...requests) > 0;
    const stops = [mesh.client.tap({}, listen), mesh.server.tap({}, listen)];
    const headers = { authorization: 'Bearer secret', cookie: 'session=secret', 'x-group': 'dev' };
    await text(await callUpstream(mesh, { path: '/missing?a=1', headers }));
    await eventually(() => told.length === 2, 'both sidecars tell of it');
    for (const stop of stops) stop();
    expect(told.find(({ direction }) => direction === 'outbound')).toMatchObject({
      proxy: WEB,
      source: 'web',
      destination: 'payments',
      method: 'GET',
      target: '/missing?a=1',
      status: 404,
      flag: '',
      route: '/*',
      cluster: 'payments.default.default.dc1',
      endpoint: `127.0.0.1:${mesh.recorder.address.port}`,
      bytesDown: 5,
    });
    const inbound = told.find(({ direction }) => direction === 'inbound')!;
    expect(inbound).toMatchObject({ proxy: PAYMENTS, source: 'web', destination: 'payments', cluster: 'local_app' });
    expect(inbound.requestFields).toEqual(expect.arrayContaining(['x-group', 'dev']));
    expect(JSON.stringify(told)).not.toContain('secret');
  });

  it('says which rule refused a request', async () => {
    await start({ intentions: [{ source: '*', action: 'deny', precedence: 8 }] });
    const told: TappedRequest[] = [];
    mesh.server.tap({ status: '403' }, (requests) => told.push(...requests) > 0);
    await text(await callUpstream(mesh, { path: '/' }));
    await eventually(() => told.length === 1, 'it is told of');
    expect(told[0]).toMatchObject({ status: 403, rule: 'intention deny * => payments (precedence 8)', source: 'web' });
    expect(told[0]!.reason).toContain('/svc/web: intention deny');
  });

  it('tells of what could not be read as a request', async () => {
    await start();
    const told: TappedRequest[] = [];
    const stop = mesh.client.tap({}, (requests) => told.push(...requests) > 0);
    await send(mesh.upstream, 'GET / HTTP/1.1\r\nAuthorization secret\r\n\r\n');
    await eventually(() => told.length === 1, 'it is told of');
    stop();
    const reason = 'a header line has no colon';
    expect(told).toMatchObject([{ proxy: WEB, method: '', target: '', status: 400, flag: 'DPE', reason, requestFields: [] }]);
  });

  it.each<[TapFilter, number]>([
    [{ direction: 'outbound' }, 2],
    [{ direction: 'inbound' }, 0],
    [{ proxy: 'web-sidecar-proxy' }, 2],
    [{ proxy: 'sidecar-proxy' }, 0],
    [{ upstream: 'payments', method: 'get' }, 2],
    [{ upstream: 'web' }, 0],
    [{ source: 'web', pathPrefix: '/missing' }, 1],
    [{ status: '4xx' }, 1],
    [{ status: '200' }, 1],
    [{ status: '20x' }, 0],
  ])('lets %j through %d times of 2', async (filter, expected) => {
    await start();
    let told = 0;
    let all = 0;
    const count = (requests: readonly TappedRequest[]) => {
      told += requests.length;
      return true;
    };
    mesh.client.tap(filter, count);
    mesh.client.tap({}, (requests) => {
      all += requests.length;
      return true;
    });
    for (const path of ['/', '/missing']) await text(await callUpstream(mesh, { path }));
    await eventually(() => all === 2 && told >= expected, 'both are told of');
    expect(told).toBe(expected);
  });
});

describe('a listener that is slow', () => {
  it('gets what fits, and how many are missing', async () => {
    const taps = new Taps();
    const told: [number, number][] = [];
    let ready = false;
    const stop = taps.add({}, (requests, dropped) => ready && told.push([requests.length, dropped]) > 0);
    const request = { status: 200, target: '/', proxy: WEB } as TappedRequest;
    for (let i = 0; i < 1_005; i++) taps.take(request);
    ready = true;
    await eventually(() => told.length > 0, 'it is told');
    stop();
    expect(told).toEqual([[1_000, 5]]);
    expect(taps.open).toBe(false);
  });
});

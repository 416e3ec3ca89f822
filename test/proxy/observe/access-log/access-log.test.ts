import { mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AccessLogs } from '../../../../src/compile/proxy-config.ts';
import { accessLogsOf } from '../../../../src/compile/telemetry/access-logs.ts';
import { callUpstream } from '../../fixture/http.ts';
import { Http2Client } from '../../fixture/http2.ts';
import { Mesh, type MeshOptions } from '../../fixture/mesh.ts';
import { eventually, httpApp, RawClient, send, type TestApp, tcpApp } from '../../fixture/sockets.ts';

let folder: string;
let mesh: Mesh;
let app: TestApp;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mesh-access-'));
});
afterEach(async () => {
  await mesh.close();
  await app.close();
  await rm(folder, { recursive: true });
});

const consul = accessLogsOf({ Enabled: true })!;
const asText = (format: string): AccessLogs => accessLogsOf({ Enabled: true, TextFormat: format })!;

async function start(accessLogs: AccessLogs, options: Partial<MeshOptions> = {}, made = httpApp((_req, res) => void res.end('hello'))) {
  app = await made;
  mesh = await Mesh.start({ app: app.at, protocol: 'http', telemetry: { accessLogs }, logDir: folder, ...options });
}

const get = async (path: string, headers = {}) => text(await callUpstream(mesh, { path, headers }));

/** Of web's sidecar, or that of payments; when there are so many. */
async function lines(of: 'web' | 'payments', count: number): Promise<string[]> {
  let found: string[] = [];
  for (let i = 0; i < 200 && found.length < count; i++) {
    const file = await readFile(join(folder, `access.dc1_node_${of}-sidecar-proxy.log`), 'utf8').catch(() => '');
    found = file.split('\n').slice(0, -1);
    if (found.length < count) await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(found).toHaveLength(count);
  return found;
}

describe('the access log of a request', () => {
  it("has Consul's fields, and says nothing that lets somebody in", async () => {
    await start(consul);
    await get('/a?b=1', { 'user-agent': 'test', authorization: 'Bearer secret' });
    const [line] = await lines('web', 1);
    expect(JSON.parse(line!)).toMatchObject({
      start_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      route_name: '/*',
      method: 'GET',
      path: '/a?b=1',
      protocol: 'HTTP/1.1',
      response_code: 200,
      response_flags: null,
      response_code_details: 'via_upstream',
      bytes_received: 0,
      bytes_sent: 5,
      duration: expect.any(Number),
      upstream_service_time: expect.any(Number),
      user_agent: 'test',
      authority: expect.stringContaining('127.0.0.1'),
      upstream_host: `127.0.0.1:${mesh.recorder.address.port}`,
      upstream_cluster: 'payments.default.default.dc1',
      downstream_local_address: `127.0.0.1:${mesh.upstream.port}`,
      downstream_remote_address: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      mesh_source: 'web',
    });
    const [inbound] = await lines('payments', 1);
    expect(JSON.parse(inbound!)).toMatchObject({
      mesh_source: 'web',
      upstream_cluster: 'local_app',
      requested_server_name: expect.stringContaining('payments.default.dc1.internal'),
    });
    expect(line! + inbound!).not.toContain('secret');
  });

  it('says why it was refused and which rule decided', async () => {
    await start(asText('%RESPONSE_CODE% %RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS% (%MESH_RULE%) %DOWNSTREAM_PEER_URI_SAN%'), {
      intentions: [{ source: 'web', action: 'deny', precedence: 9 }],
    });
    await get('/');
    const rule = / \((.*)\) spiffe/.exec((await lines('payments', 1))[0]!)![1]!;
    expect(rule).toContain('deny web');
    const details = `rbac_access_denied_matched_policy[${rule.replaceAll(' ', '_')}]`;
    expect(await lines('payments', 1)).toEqual([`403 - ${details} (${rule}) ${mesh.authority.identity('web')}`]);
    await mesh.configure({ endpoints: [] });
    await get('/');
    expect((await lines('web', 2))[1]).toBe('503 UH no_healthy_upstream (-) -');
  });

  it.each([
    ['400 DPE a header line has no colon', 'GET / HTTP/1.1\r\nHost\r\n\r\n'],
    ['431 DPE the head exceeds 2048 bytes', `GET /${'a'.repeat(3_000)} HTTP/1.1\r\nHost: x\r\n\r\n`],
    ['408 DPE the request head did not come in time', 'GET / HTTP/1.1\r\nHo'],
  ])('is written for one that could be read in no way: %s', async (expected, sent) => {
    await start(
      asText('%REQ(:METHOD)% %REQ(:PATH)% %DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT% %RESPONSE_CODE% %RESPONSE_FLAGS% %MESH_REASON%'),
      {
        limits: { headBytes: 2_048, headMs: 100 },
      },
    );
    await send(mesh.upstream, sent);
    expect(await lines('web', 1)).toEqual([`- - 127.0.0.1 ${expected}`]);
  });

  it('is written for one of HTTP/2 that is not a request', async () => {
    await start(asText('%PROTOCOL% %RESPONSE_CODE% %MESH_REASON%'));
    const client = new Http2Client(mesh.upstream);
    expect(await client.call({ ':path': '/', ':scheme': 'gopher' })).toMatchObject({ status: 400 });
    client.close();
    expect(await lines('web', 1)).toEqual(['HTTP/2 400 the scheme is neither http nor https']);
  });

  it('is written for one whose client leaves', async () => {
    await start(
      asText('%RESPONSE_CODE% %RESPONSE_FLAGS% %MESH_REASON%'),
      {},
      httpApp(() => undefined),
    );
    const client = await RawClient.connect(mesh.upstream);
    client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await eventually(() => app.sockets.size === 1, 'the application has the request');
    client.close();
    expect(await lines('web', 1)).toEqual(['0 DC the client closed the connection']);
  });
});

describe('the access log of a connection', () => {
  it('has its bytes and who it came from', async () => {
    const echo = tcpApp((socket) => void socket.pipe(socket));
    await start(
      asText('%BYTES_RECEIVED% %BYTES_SENT% %UPSTREAM_CLUSTER% %MESH_SOURCE% %PROTOCOL% %RESPONSE_CODE%'),
      { protocol: 'tcp' },
      echo,
    );
    const client = await RawClient.connect(mesh.upstream);
    client.write('hello');
    await client.untilText('hello');
    client.socket.end();
    await client.rest();
    expect(await lines('web', 1)).toEqual(['5 5 payments.default.default.dc1 web - 0']);
    expect(await lines('payments', 1)).toEqual(['5 5 local_app web - 0']);
    expect(mesh.client.stats().listeners['dc1/node/web-sidecar-proxy/outbound/payments']).toMatchObject({ bytesUp: 5, bytesDown: 5 });
  });

  it('is written for one that is refused, unless listener logs are off', async () => {
    const format = '%RESPONSE_FLAGS% %MESH_REASON%';
    const denied = { protocol: 'tcp', intentions: [{ source: '*', action: 'deny', precedence: 8 }] } as const;
    await start(
      asText(format),
      denied,
      tcpApp((socket) => void socket.pipe(socket)),
    );
    await send(mesh.upstream, 'hello').catch(() => undefined);
    expect(await lines('payments', 1)).toEqual([expect.stringMatching(/^- spiffe:.*\/svc\/web: intention deny \*/)]);
    await mesh.configure({ telemetry: { accessLogs: { ...asText(format), refusedConnections: false } } });
    await send(mesh.upstream, 'hello').catch(() => undefined);
    await mesh.configure({ telemetry: undefined });
    expect(await lines('payments', 1)).toHaveLength(1);
  });
});

describe('the file', () => {
  it('is one for all proxies that name it, and is made again when it was moved away', async () => {
    const path = join(folder, 'all.log');
    await start({ ...asText('%MESH_PROXY%'), path });
    await get('/');
    await mesh.configure({ telemetry: undefined });
    const all = async () => (await readFile(path, 'utf8').catch(() => '')).split('\n').filter(Boolean).sort();
    for (let i = 0; i < 100 && (await all()).length < 2; i++) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await all()).toEqual(['dc1/node/payments-sidecar-proxy', 'dc1/node/web-sidecar-proxy']);
    await rename(path, join(folder, 'old.log'));
    await mesh.configure({ telemetry: { accessLogs: { ...asText('again'), path } } });
    await get('/');
    await mesh.configure({ telemetry: undefined });
    for (let i = 0; i < 100 && (await all()).length < 2; i++) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await all()).toEqual(['again', 'again']);
    expect((await readdir(folder)).sort()).toEqual(['all.log', 'old.log']);
  });
});

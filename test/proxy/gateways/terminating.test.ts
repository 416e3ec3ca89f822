import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { metricsText } from '../../../src/proxy/metrics/text.ts';
import { freePorts } from '../../free-ports.ts';
import { type Http2Answer, type Http2App, Http2Client, secureHttp2App } from '../fixture/http2.ts';
import { httpApp, httpsApp, type TestApp, tcpApp } from '../fixture/sockets.ts';
import { parseOpenMetrics } from '../metrics/openmetrics.ts';
import { Folder, OutsideCa } from './certificates.ts';
import { echo, echoed, GatewayWorld } from './world.ts';

const ca = new OutsideCa();
const folder = new Folder();
const apps: (TestApp | Http2App)[] = [];
let world: GatewayWorld;
let gatewayPort = 0;
const upstreams = { outside: 0, bytes: 0, secure: 0, staged: 0, calls: 0, aged: 0 };

/** A service of gRPC that tells how it was called. */
function call(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  stream.end(`${headers[':scheme']} ${headers[':authority']}`);
}

/** Something outside of the mesh, which only the catalog knows of. */
async function external(name: string, app: TestApp | Http2App, more: object = {}): Promise<void> {
  apps.push(app);
  const Service = { ID: `${name}-${app.at.port}`, Service: name, Address: '127.0.0.1', Port: app.at.port, ...more };
  await world.put('/v1/catalog/register', { Node: 'elsewhere', Address: '127.0.0.1', Service });
}

beforeAll(async () => {
  world = await GatewayWorld.start();
  for (const Name of ['outside', 'secure', 'staged']) await world.write({ Kind: 'service-defaults', Name, Protocol: 'http' });
  await external('outside', await httpApp(echo('outside')), { Address: 'localhost' });
  await external('bytes', await tcpApp((socket) => socket.end('hello from outside')));
  const { certPem: cert, keyPem: key } = ca.issue('secure.example.com');
  const mutual = { cert, key, ca: ca.certPem, requestCert: true, rejectUnauthorized: true };
  await external('secure', await httpsApp(mutual, echo('secure')));
  const shown = ca.issue('calls.example.com');
  await external('calls', await secureHttp2App({ cert: shown.certPem, key: shown.keyPem }, call), { Address: 'localhost' });
  await external('aged', await httpsApp({ cert, key }, echo('aged')));
  for (const stage of ['v1', 'v2']) await external('staged', await httpApp(echo(stage)), { Meta: { stage } });
  const names = Object.keys(upstreams) as (keyof typeof upstreams)[];
  const [port, ...local] = await freePorts(names.length + 1);
  gatewayPort = port!;
  for (const [i, name] of names.entries()) upstreams[name] = local[i]!;
  await world.http(
    'web',
    echo('web'),
    names.map((name) => ({ DestinationName: name, LocalBindPort: upstreams[name] })),
  );
  await world.gateway('terminating-gateway', 'exit', { Address: '127.0.0.1', Port: port });
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await Promise.all(apps.map((app) => app.close()));
  await folder[Symbol.asyncDispose]();
});

const link = (...Services: object[]) => world.write({ Kind: 'terminating-gateway', Name: 'exit', Services });
const intend = (Name: string, source: object) => world.write({ Kind: 'service-intentions', Name, Sources: [{ Name: 'web', ...source }] });

async function unary(service: keyof typeof upstreams): Promise<Http2Answer> {
  const client = new Http2Client({ address: '127.0.0.1', port: upstreams[service] });
  const answer = await client.call({ ':method': 'POST', ':path': '/pay', 'content-type': 'application/grpc', te: 'trailers' }, 'message');
  client.close();
  return answer;
}

async function bytes(): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port: upstreams.bytes });
  await once(socket, 'connect');
  return text(socket).catch(() => 'reset');
}

describe('a terminating gateway', () => {
  it('leads sidecars to what is outside, in the name of the service', async () => {
    expect(await world.call(upstreams.outside, { path: '/a' })).toMatchObject({ status: 503, body: 'no healthy instances of outside\n' });
    await link({ Name: 'outside' }, { Name: 'bytes' });
    const answer = await world.call(upstreams.outside, { path: '/a' });
    expect(answer.status).toBe(200);
    // The instance is registered by a hostname, which is what it expects to be called.
    expect(echoed(answer)).toMatchObject({ by: 'outside', url: '/a', headers: { host: 'localhost' } });
    expect(await bytes()).toBe('hello from outside');
    await link({ Name: 'outside', DisableAutoHostRewrite: true }, { Name: 'bytes' });
    const kept = await world.call(upstreams.outside, { headers: { host: 'outside.example.com' } });
    expect(echoed(kept).headers['host']).toBe('outside.example.com');
  });

  it('asks the intentions of the service, not its own', async () => {
    await link({ Name: '*' });
    await intend('exit', { Action: 'deny' });
    expect(await world.call(upstreams.outside)).toMatchObject({ status: 200 });
    await intend('outside', { Action: 'deny' });
    await intend('bytes', { Action: 'deny' });
    expect(await world.call(upstreams.outside)).toMatchObject({ status: 403, body: 'RBAC: access denied' });
    expect(await bytes()).toBe('');
    await world.remove('service-intentions', 'outside');
    expect(await world.call(upstreams.outside)).toMatchObject({ status: 200 });
  });

  it('counts what it refuses as sidecars do, and writes it down', async () => {
    const path = await folder.file('access.log', '');
    const TextFormat = '%MESH_PROXY% %MESH_RULE% %MESH_REASON%';
    await world.write({ Kind: 'proxy-defaults', Name: 'global', AccessLogs: { Enabled: true, Type: 'file', Path: path, TextFormat } });
    await link({ Name: 'outside' }, { Name: 'bytes' });
    await intend('outside', { Action: 'deny' });
    await intend('bytes', { Action: 'deny' });
    await world.call(upstreams.outside);
    await bytes();
    const stranger = connectTls({ host: '127.0.0.1', port: gatewayPort, rejectUnauthorized: false }).on('error', () => undefined);
    await new Promise((resolve) => stranger.once('close', resolve));
    const families = parseOpenMetrics(metricsText(world.dataPlane.metrics(), 'openmetrics'));
    const own = (name: string) =>
      families.find((family) => family.name === name)!.samples.filter(({ labels }) => labels.get('local_cluster') === '"exit"');
    const denied = own('mesh_denied').map(({ labels }) => labels.get('rule'));
    expect(denied).toEqual(
      expect.arrayContaining([expect.stringContaining('deny web => outside'), expect.stringContaining('deny web => bytes')]),
    );
    await world.remove('proxy-defaults', 'global');
    let log = '';
    for (let i = 0; i < 100 && !log.includes('TLS handshake'); i++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      log = await readFile(path, 'utf8');
    }
    expect(log).toMatch(/exit .*TLS handshake/);
    expect(log).toMatch(/exit\S* intention deny web => bytes/);
    await world.remove('service-intentions', 'outside');
    await world.remove('service-intentions', 'bytes');
  });

  it('speaks TLS to a service that has a CA, shows it a certificate, and asks for its name', async () => {
    const { certPem, keyPem } = ca.issue('gateway.example.com');
    const CAFile = await folder.file('ca.pem', ca.certPem);
    const [CertFile, KeyFile] = [await folder.file('cert.pem', certPem), await folder.file('key.pem', keyPem)];
    const secure = { Name: 'secure', CAFile, CertFile, KeyFile };
    await link({ ...secure, SNI: 'secure.example.com' });
    expect(echoed(await world.call(upstreams.secure, { path: '/s' }))).toMatchObject({ by: 'secure', url: '/s' });

    await link({ ...secure, SNI: 'other.example.com' });
    const wrongName = await world.call(upstreams.secure);
    expect(wrongName.status).toBe(503);
    expect(wrongName.headers['x-mesh-reason']).toContain('other.example.com');
    await link({ Name: 'secure', CAFile, SNI: 'secure.example.com' });
    // In TLS 1.3 a server says that it misses a certificate after the handshake.
    expect((await world.call(upstreams.secure)).status).toBe(502);
    await link({ ...secure, CAFile: `${CAFile}.not`, SNI: 'secure.example.com' });
    const missing = await world.call(upstreams.secure);
    expect(missing.headers['x-mesh-reason']).toMatch(/ENOENT.*ca\.pem\.not/);
    // The file comes later: nothing has to be configured again.
    await folder.file('ca.pem.not', ca.certPem);
    expect((await world.call(upstreams.secure)).status).toBe(200);
  });

  it('agrees with a server on HTTP/2 for services of grpc, or on HTTP/1.1 if it knows no other', async () => {
    for (const Name of ['calls', 'aged']) await world.write({ Kind: 'service-defaults', Name, Protocol: 'grpc' });
    const CAFile = await folder.file('ca.pem', ca.certPem);
    await link({ Name: 'calls', CAFile, SNI: 'calls.example.com' }, { Name: 'aged', CAFile });
    expect(await unary('calls')).toMatchObject({ status: 200, body: 'https localhost', trailers: { 'grpc-status': '0' } });
    const aged = await unary('aged');
    expect(JSON.parse(aged.body)).toMatchObject({ by: 'aged', url: '/pay', headers: { host: 'payments' } });
  });

  it('knows the subsets of a service', async () => {
    await link({ Name: 'staged' });
    const Subsets = { old: { Filter: 'Service.Meta.stage == v1' }, new: { Filter: 'Service.Meta.stage == v2' } };
    for (const [DefaultSubset, by] of [
      ['old', 'v1'],
      ['new', 'v2'],
    ] as const) {
      await world.write({ Kind: 'service-resolver', Name: 'staged', DefaultSubset, Subsets });
      for (let i = 0; i < 3; i++) expect(echoed(await world.call(upstreams.staged)).by).toBe(by);
    }
  });

  it('offers sidecars the versions of TLS that the mesh entry allows', async () => {
    await link({ Name: 'outside' });
    await world.write({ Kind: 'mesh', TLS: { Incoming: { TLSMaxVersion: 'TLSv1_2' } } });
    // Sidecars ask for 1.3 unless the entry says otherwise for what goes out.
    expect((await world.call(upstreams.outside)).status).toBe(503);
    await world.write({ Kind: 'mesh', TLS: { Incoming: { TLSMaxVersion: 'TLSv1_2' }, Outgoing: { TLSMinVersion: 'TLSv1_2' } } });
    expect((await world.call(upstreams.outside)).status).toBe(200);
    await world.remove('mesh', 'mesh');
  });

  it('is no way to a service any more once it is not linked', async () => {
    await link({ Name: 'outside' });
    expect((await world.call(upstreams.outside)).status).toBe(200);
    await world.remove('terminating-gateway', 'exit');
    expect(await world.call(upstreams.outside)).toMatchObject({ status: 503, body: 'no healthy instances of outside\n' });
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { afterAll, afterEach, expect, it } from 'vitest';
import { certificateToPem, signCertificate } from '../../../src/pki/certificate.ts';
import { generateKey, keyToPem } from '../../../src/pki/key.ts';
import { callGrpc } from './grpc/harness.ts';
import { ManualClock, request, type Started, start } from './harness.ts';

const folder = mkdtempSync(join(tmpdir(), 'fake-service-tls-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const key = generateKey();
const valid = { notBefore: Date.UTC(2020, 0, 1), notAfter: Date.UTC(2060, 0, 1) };
const content = { serial: 1n, issuer: 'localhost', subject: 'localhost', ...valid, spki: key.spki, extensions: [] };
const FILES = {
  TLS_CERT_LOCATION: file('cert.pem', certificateToPem(signCertificate(content, key.privateKey))),
  TLS_KEY_LOCATION: file('key.pem', keyToPem(key)),
};

const running: Started[] = [];
afterEach(async () => {
  for (const { service } of running.splice(0)) await service.close();
});

async function serve(env: Record<string, string> = FILES): Promise<Started> {
  const started = await start(env);
  running.push(started);
  return started;
}

const get = (port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const sent = https.get({ host: '127.0.0.1', port, rejectUnauthorized: false, agent: false }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve(text));
    });
    sent.on('error', reject);
  });

it('serves HTTP and gRPC behind TLS, and neither without', async () => {
  const { service, url } = await serve();
  expect(JSON.parse(await get(service.port))).toMatchObject({ type: 'HTTP', code: 200 });
  const { json } = await callGrpc(`https://127.0.0.1:${service.port}`, { session: { rejectUnauthorized: false } });
  expect(json).toMatchObject({ type: 'gRPC', code: 0 });
  await expect(request(url)).rejects.toThrow();
});

it.each([
  [{}, ['h2', 'http/1.1'], 'http/1.1'],
  [{}, ['h2'], 'h2'],
  [{ MESH_IMAGE_TAG: 'v0.14.0', SERVER_TYPE: 'grpc' }, ['h2', 'http/1.1'], 'h2'],
  [{ MESH_IMAGE_TAG: 'v0.14.0' }, ['h2', 'http/1.1'], 'http/1.1'],
])('with %j offers clients of %j %s', async (env, ALPNProtocols, chosen) => {
  const { service } = await serve({ ...FILES, ...env });
  const socket = await new Promise<TLSSocket>((resolve, reject) => {
    const connected = connectTls({ host: '127.0.0.1', port: service.port, rejectUnauthorized: false, ALPNProtocols }, () =>
      resolve(connected),
    );
    connected.on('error', reject);
  });
  expect(socket.alpnProtocol).toBe(chosen);
  socket.destroy();
});

it('is called by other instances that are told to trust it', async () => {
  const { service } = await serve();
  const uri = `https://127.0.0.1:${service.port}`;
  const trusting = await serve({ UPSTREAM_URIS: uri, UPSTREAM_ALLOW_INSECURE: 'true' });
  expect(JSON.parse((await request(trusting.url)).text).upstream_calls[uri].code).toBe(200);
  const careful = await serve({ UPSTREAM_URIS: uri });
  expect(JSON.parse((await request(careful.url)).text).upstream_calls[uri].error).toContain('self-signed certificate');
});

it('ends although somebody has not finished the handshake', async () => {
  const clock = new ManualClock();
  const { service } = await start(FILES, clock);
  const socket = connect(service.port, '127.0.0.1');
  await new Promise((resolve) => socket.once('connect', resolve));
  const closed = service.close(5_000);
  await clock.sleeping(5_000);
  clock.advance(5_000);
  await closed;
  socket.destroy();
});

it.each([
  [{ ...FILES, TLS_KEY_LOCATION: '/nowhere/key.pem' }, "TLS_KEY_LOCATION: can't read /nowhere/key.pem: there is no such file"],
  [{ ...FILES, TLS_CERT_LOCATION: FILES.TLS_KEY_LOCATION }, `can't use the certificate ${FILES.TLS_KEY_LOCATION}`],
  [{ ...FILES, TLS_KEY_LOCATION: file('other.pem', keyToPem(generateKey())) }, 'key values mismatch'],
])('refuses to start with %j', async (env, message) => {
  await expect(start(env)).rejects.toThrow(message);
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runConsul } from '../../../src/app/consul/top.ts';
import { createAgentCa, issueAgentCertificate } from '../../../src/pki/agent-certificates.ts';
import { testIo } from '../../commands/io.ts';
import { openTestApi, type TestApi } from '../../control/http/api.ts';

/** An agent that speaks TLS, one that wants to see a certificate too, and one on a Unix socket, from the command line's side. */
let api: TestApi;
let cwd: string;
let address: string;
let strict: string;
let named: string;

beforeAll(async () => {
  api = await openTestApi();
  cwd = mkdtempSync(join(tmpdir(), 'mesh-tls-'));
  const now = Date.now();
  const [ca, other] = [1n, 2n].map((serial) => createAgentCa({ serial, days: 1, now }));
  const issue = (dnsNames: string[], ipAddresses: string[]) =>
    issueAgentCertificate({
      caCertPem: ca!.certPem,
      caKeyPem: ca!.keyPem,
      use: 'server',
      name: dnsNames[0]!,
      dnsNames,
      ipAddresses,
      serial: 7n,
      days: 1,
      now,
    });
  const [server, byName, client] = [issue(['localhost'], ['127.0.0.1']), issue(['server.dc1.consul'], []), issue(['client'], [])];
  mkdirSync(join(cwd, 'cas'));
  const files = {
    'ca.pem': ca!.certPem,
    'other.pem': other!.certPem,
    'cas/ca.pem': ca!.certPem,
    'c.pem': client.certPem,
    'k.pem': client.keyPem,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
  const listen = async (certificate: typeof server, verifyIncoming = false) => {
    const tls = { cert: certificate.certPem, key: certificate.keyPem, ca: ca!.certPem, verifyIncoming };
    const { port } = await api.plane.listenHttp({ host: '127.0.0.1', port: 0, tls });
    return `127.0.0.1:${port}`;
  };
  [address, strict, named] = await Promise.all([listen(server), listen(server, true), listen(byName)]);
  await api.plane.listenHttp({ path: join(cwd, 'api.sock') });
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
  rmSync(cwd, { recursive: true });
});

async function ask(env: Record<string, string>, ...flags: string[]) {
  const io = testIo({ cwd, env });
  const code = await runConsul(['catalog', 'datacenters', ...flags], io, 'consul');
  return code === 0 ? io.written.out : io.written.err.replace(/^.*": /, '').trim();
}

const OK = 'dc1\n';
const UNKNOWN = 'tls: failed to verify certificate: x509: certificate signed by unknown authority';

describe('TLS', () => {
  it('is asked for by scheme or by CONSUL_HTTP_SSL, and trusts whom it is told to', async () => {
    expect(await ask({ CONSUL_HTTP_ADDR: `https://${address}` })).toBe(UNKNOWN);
    expect(await ask({ CONSUL_HTTP_ADDR: `https://${address}`, CONSUL_CACERT: 'ca.pem' })).toBe(OK);
    expect(await ask({ CONSUL_HTTP_ADDR: address, CONSUL_HTTP_SSL: 'true', CONSUL_CAPATH: 'cas' })).toBe(OK);
    expect(await ask({ CONSUL_HTTP_ADDR: address, CONSUL_HTTP_SSL: '1', CONSUL_HTTP_SSL_VERIFY: 'false' })).toBe(OK);
    expect(await ask({ CONSUL_HTTP_ADDR: address, CONSUL_CACERT: 'ca.pem' })).not.toBe(OK);
  });

  it('flags are stronger than the environment', async () => {
    const env = { CONSUL_HTTP_ADDR: 'https://127.0.0.1:1', CONSUL_CACERT: 'other.pem' };
    expect(await ask(env, '-http-addr', `https://${address}`)).toBe(UNKNOWN);
    expect(await ask(env, '-http-addr', `https://${address}`, '-ca-file', 'ca.pem')).toBe(OK);
    expect(await ask(env, '-http-addr', `https://${address}`, '-ca-file=nosuch.pem')).toContain(
      'Error loading CA File: open nosuch.pem: no such file or directory',
    );
  });

  it('shows a certificate where one is wanted', async () => {
    const env = { CONSUL_HTTP_ADDR: `https://${strict}`, CONSUL_CACERT: 'ca.pem' };
    expect(await ask(env)).toMatch(/tls: (certificate required|bad certificate)/);
    expect(await ask({ ...env, CONSUL_CLIENT_CERT: 'c.pem', CONSUL_CLIENT_KEY: 'k.pem' })).toBe(OK);
    expect(await ask({ ...env, CONSUL_CLIENT_CERT: 'nosuch' }, '-client-cert=c.pem', '-client-key=k.pem')).toBe(OK);
    expect(await ask({ ...env, CONSUL_CLIENT_CERT: 'c.pem' })).toContain(
      'Either both client cert and client key must be provided, or neither',
    );
  });

  it('asks for the name that the certificate carries', async () => {
    const env = { CONSUL_HTTP_ADDR: `https://${named}`, CONSUL_CACERT: 'ca.pem' };
    expect(await ask(env)).toBe(
      "tls: failed to verify certificate: x509: cannot validate certificate for 127.0.0.1 because it doesn't contain any IP SANs",
    );
    expect(await ask({ ...env, CONSUL_TLS_SERVER_NAME: 'server.dc1.consul' })).toBe(OK);
    expect(await ask({ ...env, CONSUL_TLS_SERVER_NAME: 'wrong' }, '-tls-server-name=server.dc1.consul')).toBe(OK);
    expect(await ask({ ...env, CONSUL_TLS_SERVER_NAME: 'wrong' })).toBe(
      'tls: failed to verify certificate: x509: certificate is valid for server.dc1.consul, not wrong',
    );
  });
});

it('a Unix socket needs no port', async () => {
  expect(await ask({ CONSUL_HTTP_ADDR: `unix://${join(cwd, 'api.sock')}` })).toBe(OK);
  expect(await ask({ CONSUL_HTTP_ADDR: 'x:1' }, '-http-addr', `unix://${join(cwd, 'api.sock')}`)).toBe(OK);
});

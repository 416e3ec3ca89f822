import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { generateKey, keyToPem } from '../../src/pki/key.ts';
import { Workspace } from './harness.ts';

let shell: Workspace;
beforeEach(() => {
  shell = new Workspace();
});
afterEach(() => shell[Symbol.asyncDispose]());

const MANAGEMENT = 'aaaaaaaa-1111-2222-3333-444444444444';
const AGENT = 'bbbbbbbb-1111-2222-3333-444444444444';
const UNKNOWN = 'cccccccc-1111-2222-3333-444444444444';
const GOSSIP = 'pUqJrVyVRj5jsiYEkM/tFQYfWyJIv4s3XkvDwy7Cu5s=';
const BEARER = 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJzZXNhbWUifQ.c2VzYW1lLXNlc2FtZQ';
const NOT_A_KEY = 'sesame-open-sesame';

it('puts no token and no key into logs, nor into what an agent tells of itself', async () => {
  writeFileSync(
    join(shell.cwd, 'a.hcl'),
    `data_dir = "data"
     log_level = "trace"
     log_file = "agent.log"
     encrypt = "${GOSSIP}"
     acl { enabled = true default_policy = "deny" tokens { initial_management = "${MANAGEMENT}" agent = "${AGENT}" } }`,
  );
  const { child, promise } = shell.start('consul', ['agent', '-server', '-config-file', 'a.hcl', '-http-port', '0', '-dns-port', '-1']);
  const port = await new Promise<string>((resolve, reject) => {
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      const found = /HTTP: (\d+)[\s\S]*agent running!/.exec(out);
      if (found) resolve(found[1]!);
    });
    void promise.then(({ stderr }) => reject(new Error(`it ended: ${stderr}`)));
  });
  const call = async (method: string, path: string, { body, token = MANAGEMENT }: { body?: unknown; token?: string } = {}) => {
    const headers = { 'X-Consul-Token': token };
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, text: await answer.text() };
  };

  // A busy day: what is asked for is there, and what is refused is refused for a secret that is wrong.
  const key = keyToPem(generateKey());
  const { SecretID: made } = JSON.parse((await call('PUT', '/v1/acl/token', { body: { Description: 'a token' } })).text) as {
    SecretID: string;
  };
  expect((await call('PUT', '/v1/connect/ca/configuration', { body: { Provider: 'consul', Config: { PrivateKey: key } } })).status).toBe(
    200,
  );
  const leaf = JSON.parse((await call('GET', '/v1/agent/connect/ca/leaf/web')).text) as { PrivateKeyPEM: string };
  const refused = await Promise.all([
    call('PUT', '/v1/connect/ca/configuration', { body: { Provider: 'consul', Config: { PrivateKey: NOT_A_KEY } } }),
    call('GET', `/v1/kv/x?token=${UNKNOWN}`, { token: '' }),
    call('PUT', '/v1/kv/x', { token: UNKNOWN, body: 1 }),
    call('POST', '/v1/acl/login', { body: { AuthMethod: 'none', BearerToken: BEARER } }),
    call('PUT', '/v1/agent/token/default', { token: made, body: { Token: UNKNOWN } }),
    call('PUT', '/v1/acl/bootstrap'),
    call('PUT', '/v1/acl/token', { body: { SecretID: 'sesame', Bogus: made } }),
    call('GET', `/v1/acl/token/${made}`),
  ]);
  expect(refused.map(({ status }) => status >= 400)).toEqual(refused.map(() => true));

  const told = await Promise.all(
    ['/v1/agent/self', '/v1/agent/metrics', '/v1/agent/host', '/v1/connect/ca/configuration', '/v1/connect/ca/roots', '/v1/acl/tokens'].map(
      (path) => call('GET', path),
    ),
  );
  const [self] = told;
  expect(self).toMatchObject({ status: 200 });
  // The list of tokens is the one place that shows them, to who may write them.
  const { text: listed } = told.pop()!;
  expect(listed).toContain(made);
  child.kill('SIGTERM');
  const { stdout, stderr } = await promise;

  const keys = [key, leaf.PrivateKeyPEM].flatMap((pem) => pem.split('\n').slice(1, -2));
  const secrets = [MANAGEMENT, AGENT, UNKNOWN, GOSSIP, BEARER, NOT_A_KEY, made, ...keys];
  const log = readFileSync(join(shell.cwd, 'agent.log'), 'utf8');
  expect(log).toContain('the CA has a new root');
  const everything = [stdout, stderr, log, ...told.map(({ text }) => text), ...refused.slice(0, 7).map(({ text }) => text)];
  expect(secrets.filter((secret) => everything.some((text) => text.includes(secret)))).toEqual([]);
});

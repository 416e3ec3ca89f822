import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { runConsul } from '../../../src/app/consul/top.ts';
import { testIo } from '../../commands/io.ts';
import { openTestApi } from '../../control/http/api.ts';
import { temporaryFolder } from '../../drivers/fixture/folder.ts';

/** Texts of 1.8 are compared with a real Consul in real/acl.test.ts; here is what newer ones say, and that our agent understands. */
async function open() {
  const acl = { enabled: true, defaultPolicy: 'deny', enableTokenPersistence: false, tokens: {} } as const;
  const api = await openTestApi({ acl });
  onTestFinished(() => api[Symbol.asyncDispose]());
  const cwd = temporaryFolder();
  let token = '';
  return {
    cwd,
    use: (secret: string) => {
      token = secret;
    },
    run: async (argv: readonly string[], env: Record<string, string> = {}) => {
      const io = testIo({ cwd, env: { CONSUL_HTTP_ADDR: api.address, CONSUL_HTTP_TOKEN: token, ...env } });
      const code = await runConsul(['acl', ...argv], io, 'consul');
      return { code, ...io.written };
    },
  };
}

const field = (name: string, text: string): string => new RegExp(`^${name}: +(.*)$`, 'm').exec(text)![1]!;

it('from the first token to one that may do little', async () => {
  const { run, use } = await open();
  const first = await run(['bootstrap']);
  expect(first).toMatchObject({ code: 0, err: '' });
  expect(first.out).toMatch(/^AccessorID: {7}[0-9a-f-]{36}\nSecretID: {9}[0-9a-f-]{36}\nDescription: {6}Bootstrap Token/);
  expect((await run(['bootstrap'])).err).toMatch(/^Failed ACL bootstrapping: Unexpected response code: 403 \(/);
  use(field('SecretID', first.out));

  const policy = await run(['policy', 'create', '-name', 'readers', '-rules', 'service_prefix "" { policy = "read" }']);
  expect(policy.out).toMatch(
    /^ID: {11}[0-9a-f-]{36}\nName: {9}readers\nDescription: {2}\nDatacenters: {2}\nRules:\nservice_prefix "" \{ policy = "read" \}\n$/,
  );
  expect((await run(['policy', 'create', '-name', 'bad', '-rules', 'foo {'])).code).toBe(1);
  expect(await run(['role', 'create', '-name', 'people', '-policy-name', 'readers'])).toMatchObject({ code: 0 });

  const made = await run(['token', 'create', '-description', 'for tests', '-role-name', 'people', '-service-identity', 'web:dc1']);
  expect(made.out).toMatch(/\nRoles:\n {3}[0-9a-f-]{36} - people\nService Identities:\n {3}web \(Datacenters: dc1\)\n/);
  const id = field('AccessorID', made.out);

  const appended = await run(['token', 'update', '-accessor-id', id, '-append-policy-name', 'readers', '-append-service-identity', 'api']);
  expect(appended.out).toMatch(/Policies:\n.* - readers\nRoles:\n.* - people\nService Identities:\n/);
  expect(appended.out).toContain('api (Datacenters: all)');
  const both = await run(['token', 'update', '-accessor-id', id, '-policy-name', 'a', '-append-policy-name', 'b']);
  expect(both.err).toMatch(/^Cannot combine the use of policy-id\/policy-name flags with append- variants\./);

  const expanded = await run(['token', 'read', '-accessor-id', id.slice(0, 12), '-expanded']);
  expect(expanded.out).toMatch(
    /Policies:\n {2}Policy Name: readers\n {4}ID: .*\n {4}Description: \n {4}Rules:\n {6}service_prefix "" \{ policy = "read" \}\n/,
  );
  expect(expanded.out).toContain('=== End of Authorizer Layer 0: Token ===\n');
  expect(expanded.out).toContain('Default Policy: deny\n');

  use(field('SecretID', made.out));
  expect((await run(['token', 'list'])).err).toBe(
    "Failed to retrieve the token list: Unexpected response code: 403 (Permission denied: token with AccessorID '" +
      id +
      "' lacks permission 'acl:read')\n",
  );
  expect((await run(['token', 'read', '-self'])).out).toBe(appended.out.replace(/changed/, 'for tests'));
});

it('the flag of before 1.15 is taken, with a word about the newer one', async () => {
  const { run, use } = await open();
  const { out } = await run(['bootstrap']);
  use(field('SecretID', out));
  const read = ['token', 'read', '-id', field('AccessorID', out)];
  expect(await run(read)).toEqual({ code: 0, out, err: 'Use the -accessor-id parameter to specify token by Accessor ID\n' });
  expect(await run(read, { MESH_COMPAT: '1.8' })).toEqual({ code: 0, out, err: '' });
  expect((await run(['token', 'read'])).err).toBe('Must specify the -accessor-id parameter\n');
  expect((await run(['token', 'read'], { MESH_COMPAT: '1.8' })).err).toBe('Must specify the -id parameter\n');
});

it('templated policies: listed, explained, previewed and given', async () => {
  const { run, use } = await open();
  use(field('SecretID', (await run(['bootstrap'])).out));
  expect((await run(['templated-policy', 'list'])).out).toContain('builtin/service\n');
  expect((await run(['templated-policy', 'read', '-name', 'builtin/service'])).out).toContain(
    'Input variables:\n\tName: String - Required - The name of the service.\nExample usage:\n\tconsul acl token create -templated-policy builtin/service -var name:api\n',
  );
  const preview = await run(['templated-policy', 'preview', '-name', 'builtin/service', '-var', 'name:api']);
  expect(preview.out).toContain('service "api" {\n');
  expect((await run(['templated-policy', 'preview', '-name', 'x', '-var', 'name'])).err).toBe('malformed -var argument: "name"\n');
  const made = await run(['token', 'create', '-templated-policy', 'builtin/service', '-var', 'name:api']);
  expect(made.out).toContain('Templated Policies:\n   builtin/service\n      Name: api\n      Datacenters: all\n');
});

it('keys and tokens that land in files are for their owner only', async () => {
  const cwd = temporaryFolder();
  const io = testIo({ cwd });
  expect(await runConsul(['tls', 'ca', 'create'], io, 'consul')).toBe(0);
  expect(await runConsul(['tls', 'cert', 'create', '-server'], io, 'consul')).toBe(0);
  const mode = (file: string) => statSync(join(cwd, file)).mode & 0o777;
  expect([mode('consul-agent-ca-key.pem'), mode('dc1-server-consul-0-key.pem'), mode('dc1-server-consul-0.pem')]).toEqual([
    0o600, 0o600, 0o644,
  ]);
});

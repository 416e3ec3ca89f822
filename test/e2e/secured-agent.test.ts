import { readFileSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findConsul } from '../app/consul/real/consul.ts';
import { type Outcome, Workspace } from './harness.ts';

/** An agent that lets nobody in who does not show a certificate and a token, from making its files to a client with few rights. */
let shell: Workspace;
let end: () => Promise<void>;
beforeEach(() => {
  shell = new Workspace();
  end = () => Promise.resolve();
});
afterEach(async () => {
  await end();
  await shell[Symbol.asyncDispose]();
});

const file = (name: string, text: string) => writeFileSync(join(shell.cwd, name), text);

async function ok(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await shell.exec('consul', args);
  expect(code, `consul ${args.join(' ')}: ${stderr}`).toBe(0);
  return stdout;
}

const field = (name: string, text: string): string => new RegExp(`^${name}: +(.*)$`, 'm').exec(text)![1]!;

async function start(): Promise<{ port: string; ended: Promise<Outcome>; kill(signal: NodeJS.Signals): void }> {
  const { child, promise } = shell.start('consul', ['agent', '-config-dir', 'conf', '-config-file', 'ports.hcl']);
  end = async () => {
    child.kill('SIGTERM');
    await promise;
  };
  let out = '';
  const port = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      const found = /HTTPS: (\d+)[\s\S]*agent running!/.exec(out);
      if (found) resolve(found[1]!);
    });
    promise.then(({ stdout, stderr }) => reject(new Error(`it ended: ${stdout}${stderr}`)), reject);
  });
  return { port, ended: promise, kill: (signal) => void child.kill(signal) };
}

const real = findConsul();
const whose = real === undefined ? 'our own command line (no consul binary is on PATH or in CONSUL_BIN)' : 'both command lines';

it(`is driven by ${whose}, and by nobody else`, async () => {
  await ok('tls', 'ca', 'create');
  await ok('tls', 'cert', 'create', '-server');
  await ok('tls', 'cert', 'create', '-cli');
  await shell.shell('mkdir conf');
  file('conf/agent.hcl', 'data_dir = "data" server = true bootstrap = true node_name = "one"');
  file(
    'conf/tls.json',
    JSON.stringify({
      tls: {
        defaults: {
          ca_file: 'consul-agent-ca.pem',
          cert_file: 'dc1-server-consul-0.pem',
          key_file: 'dc1-server-consul-0-key.pem',
          verify_incoming: true,
        },
      },
    }),
  );
  file('conf/acl.hcl', 'acl { enabled = true default_policy = "deny" }');
  file('ports.hcl', 'ports { http = -1 https = 0 dns = -1 grpc = -1 }');
  expect(await ok('validate', 'conf', 'ports.hcl')).toBe('Configuration is valid!\n');
  const agent = await start();

  const plain = await new Promise<string>((resolve) => {
    const socket = createConnection(Number(agent.port), '127.0.0.1', () =>
      socket.end('GET /v1/status/leader HTTP/1.1\r\nHost: localhost\r\n\r\n'),
    );
    let answer = '';
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(answer));
  });
  expect(plain).not.toContain('127.0.0.1');

  shell.env['CONSUL_HTTP_ADDR'] = `https://127.0.0.1:${agent.port}`;
  shell.env['CONSUL_CACERT'] = 'consul-agent-ca.pem';
  // Certificates for command lines carry no address of a server: it is the server's that is checked.
  const stranger = await shell.exec('consul', ['members']);
  expect([stranger.code, stranger.stderr]).toEqual([1, expect.stringMatching(/remote error: tls: certificate required/)]);
  Object.assign(shell.env, { CONSUL_CLIENT_CERT: 'dc1-cli-consul-0.pem', CONSUL_CLIENT_KEY: 'dc1-cli-consul-0-key.pem' });

  // Nobody may see a node without a token.
  expect(await shell.exec('consul', ['members'])).toEqual({ code: 2, stdout: '', stderr: '' });
  const denied = await shell.exec('consul', ['kv', 'put', 'a', '1']);
  expect([denied.code, denied.stderr]).toEqual([1, expect.stringContaining('Unexpected response code: 403 (Permission denied')]);

  const management = field('SecretID', await ok('acl', 'bootstrap'));
  file('management', management);
  const asManager = (...args: string[]) => ok(...args, '-token-file', 'management');
  file('rules.hcl', 'key_prefix "shared/" { policy = "write" } node_prefix "" { policy = "read" }');
  await asManager('acl', 'policy', 'create', '-name', 'shared', '-rules', '@rules.hcl');
  const token = field('SecretID', await asManager('acl', 'token', 'create', '-policy-name', 'shared'));
  shell.env['CONSUL_HTTP_TOKEN'] = token;

  const commandLines = ['consul', real].filter((path) => path !== undefined);
  for (const consul of commandLines) {
    expect(await shell.exec(consul, ['kv', 'put', 'shared/a', consul])).toMatchObject({ code: 0 });
    expect((await shell.exec(consul, ['kv', 'get', 'shared/a'])).stdout).toBe(`${consul}\n`);
    expect((await shell.exec(consul, ['kv', 'put', 'own', '1'])).stderr).toContain('403');
    expect((await shell.exec(consul, ['members'])).stdout).toMatch(/^one +\S+ +alive/m);
    expect((await shell.exec(consul, ['acl', 'token', 'list'])).stderr).toContain('403');
  }

  // A new certificate is served after a reload, without a new start.
  const before = await serial(agent.port);
  await ok('tls', 'cert', 'create', '-server');
  await shell.shell('cp dc1-server-consul-1.pem dc1-server-consul-0.pem; cp dc1-server-consul-1-key.pem dc1-server-consul-0-key.pem');
  agent.kill('SIGHUP');
  await expect.poll(() => serial(agent.port), { timeout: 10_000 }).not.toBe(before);

  const everything = await shell.shell('cat data/mesh/logs/*.log 2>/dev/null');
  for (const secret of [management, token, readFileSync(join(shell.cwd, 'dc1-cli-consul-0-key.pem'), 'utf8').split('\n')[1]!])
    expect(everything.stdout).not.toContain(secret);
  agent.kill('SIGTERM');
  const { stdout, stderr } = await agent.ended;
  for (const secret of [management, token]) expect(stdout + stderr).not.toContain(secret);
});

async function serial(port: string): Promise<string> {
  const { connect } = await import('node:tls');
  return new Promise((resolve, reject) => {
    const read = (name: string) => readFileSync(join(shell.cwd, name));
    const own = { cert: read('dc1-cli-consul-0.pem'), key: read('dc1-cli-consul-0-key.pem'), ca: read('consul-agent-ca.pem') };
    const socket = connect({ host: '127.0.0.1', port: Number(port), servername: 'localhost', ...own }, () => {
      resolve(socket.getPeerCertificate().serialNumber);
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

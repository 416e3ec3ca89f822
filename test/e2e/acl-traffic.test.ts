import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { freePorts } from '../free-ports.ts';
import { eventually, Workspace } from './harness.ts';

const MANAGEMENT = 'aaaaaaaa-1111-2222-3333-555555555555';

let shell: Workspace;
let stop: () => Promise<void>;
const app = createServer((request, response) => response.end(`paid ${request.url}`));
beforeEach(async () => {
  shell = new Workspace();
  await once(app.listen(0, '127.0.0.1'), 'listening');
  file('a.hcl', `acl { enabled = true default_policy = "deny" tokens { initial_management = "${MANAGEMENT}" } }`);
  const { child, promise } = shell.start('consul', ['agent', '-dev', '-config-file', 'a.hcl', '-http-port', '0', '-dns-port', '-1']);
  stop = async () => {
    child.kill('SIGTERM');
    await promise;
  };
  shell.env['CONSUL_HTTP_ADDR'] = await new Promise<string>((resolve, reject) => {
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      const found = /HTTP: (\d+)[\s\S]*agent running!/.exec(out);
      if (found) resolve(`127.0.0.1:${found[1]}`);
    });
    promise.then(({ stderr }) => reject(new Error(`it ended: ${stderr}`)), reject);
  });
});
afterEach(async () => {
  await stop();
  await shell[Symbol.asyncDispose]();
  app.closeAllConnections();
  await new Promise((closed) => app.close(closed));
});

const file = (name: string, text: string) => writeFileSync(join(shell.cwd, name), text);
const consul = (token: string, ...args: string[]) => {
  shell.env['CONSUL_HTTP_TOKEN'] = token;
  return shell.exec('consul', args);
};

async function ok(token: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await consul(token, ...args);
  expect(code, `consul ${args.join(' ')}: ${stderr}`).toBe(0);
  return stdout;
}

async function refused(token: string, ...args: string[]): Promise<void> {
  expect(await consul(token, ...args)).toMatchObject({ code: 1, stderr: expect.stringContaining('403 (Permission denied') });
}

async function newToken(...rights: string[]): Promise<string> {
  return /^SecretID: +(.*)$/m.exec(await ok(MANAGEMENT, 'acl', 'token', 'create', ...rights))![1]!;
}

it('lets nobody call where ACLs deny by default, until somebody with the right to says so', async () => {
  const [upstream, ofWeb, ofPayments] = (await freePorts(3)) as [number, number, number];
  const service = (name: string, port: number, sidecar: string) =>
    file(`${name}.hcl`, `service { name = "${name}" port = ${port} connect { sidecar_service { ${sidecar} } } }`);
  service('payments', (app.address() as AddressInfo).port, `port = ${ofPayments}`);
  service('web', 1, `port = ${ofWeb} proxy { upstreams { destination_name = "payments" local_bind_port = ${upstream} } }`);
  file('http.hcl', 'Kind = "service-defaults"\nName = "payments"\nProtocol = "http"');
  file('operator.hcl', 'service "payments" { policy = "read" intentions = "write" }');
  file(
    'paths.hcl',
    `Kind = "service-intentions"
     Name = "payments"
     Sources = [{ Name = "web", Permissions = [{ Action = "allow", HTTP { PathPrefix = "/open" } }] }]`,
  );

  const web = await newToken('-service-identity', 'web');
  const payments = await newToken('-service-identity', 'payments');
  await ok(MANAGEMENT, 'acl', 'policy', 'create', '-name', 'operator', '-rules', '@operator.hcl');
  const operator = await newToken('-policy-name', 'operator');
  await ok(MANAGEMENT, 'config', 'write', 'http.hcl');
  await refused(web, 'services', 'register', 'payments.hcl');
  await ok(payments, 'services', 'register', 'payments.hcl');
  await ok(web, 'services', 'register', 'web.hcl');

  const call = async (path: string): Promise<string> => {
    const answer = await fetch(`http://127.0.0.1:${upstream}${path}`).catch(() => undefined);
    return answer ? `${answer.status} ${await answer.text()}` : 'nobody listens';
  };
  /** What is said last once it begins like that. */
  const said = (path: string, begin: string) =>
    eventually(
      () => call(path),
      (text) => text.startsWith(begin),
    );
  expect(await said('/open', '403 ')).toMatch(/^403 /);

  await refused(web, 'intention', 'create', 'web', 'payments');
  expect(await call('/open')).toMatch(/^403 /);
  await ok(operator, 'intention', 'create', 'web', 'payments');
  expect(await said('/secret', '200 ')).toBe('200 paid /secret');

  await refused(payments, 'config', 'write', 'paths.hcl');
  await ok(operator, 'intention', 'delete', 'web', 'payments');
  await ok(operator, 'config', 'write', 'paths.hcl');
  expect(await said('/open/a', '200 ')).toBe('200 paid /open/a');
  expect(await said('/secret', '403 ')).toMatch(/^403 /);
});

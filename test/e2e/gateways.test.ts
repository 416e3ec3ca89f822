import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { freePorts } from '../free-ports.ts';
import { eventually, Workspace } from './harness.ts';

let shell: Workspace;
beforeEach(() => {
  shell = new Workspace();
});
afterEach(() => shell[Symbol.asyncDispose]());

const write = (name: string, text: string): string => {
  writeFileSync(join(shell.cwd, name), text);
  return name;
};

/** What a program has said, once it has said something of this form. */
async function said({ child }: ReturnType<Workspace['start']>, pattern: RegExp): Promise<RegExpExecArray> {
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  const found = await eventually(
    () => pattern.exec(out),
    (match) => match !== null,
  );
  expect(out).toMatch(pattern);
  return found!;
}

/** What a call prints in the end: an entry takes a moment to reach the data plane. */
async function answered(expected: string, call: () => Promise<{ readonly stdout: string }>): Promise<string> {
  const { stdout } = await eventually(call, ({ stdout }) => stdout === expected);
  return stdout;
}

it('an ingress gateway is one command and one entry: requests, TLS, and intentions', async () => {
  const app = createServer((request, response) => response.end(`web ${request.url}\n`)).listen(0, '127.0.0.1');
  await once(app, 'listening');
  const agent = shell.start('consul', ['agent', '-dev', '-http-port', '0', '-dns-port', '-1']);
  const [, port] = await said(agent, /HTTP: (\d+)/);
  shell.env['CONSUL_HTTP_ADDR'] = `127.0.0.1:${port}`;
  const [plain, secure, ready, sidecar] = await freePorts(4);
  const { port: appPort } = app.address() as AddressInfo;
  const ok = async (line: string): Promise<string> => {
    const { code, stdout, stderr } = await shell.shell(line);
    expect([line, code, stderr]).toEqual([line, 0, '']);
    return stdout;
  };
  await ok(
    `mesh services register ${write('web.hcl', `service { name = "web" port = ${appPort} connect { sidecar_service { port = ${sidecar} } } }`)}`,
  );
  await ok(`mesh config write ${write('defaults.hcl', 'Kind = "service-defaults" Name = "web" Protocol = "http"')}`);
  const entry = (listener: string): string => `
    Kind = "ingress-gateway"
    Name = "front"
    Listeners = [{ ${listener} Protocol = "http" Services = [{ Name = "web" Hosts = ["web.example.com"] }] }]`;
  await ok(`mesh config write ${write('front.hcl', entry(`Port = ${plain}`))}`);

  const gateway = shell.start('mesh', [
    'connect',
    'envoy',
    '-gateway=ingress',
    '-register',
    '-service',
    'front',
    '-address',
    `127.0.0.1:${ready}`,
  ]);
  await said(gateway, /data plane serves front \(ingress-gateway\)/);
  const curl = (at: string, more = '') => shell.shell(`curl -sS -H 'Host: web.example.com' ${more} ${at}`);
  expect(await answered('web /a\n', () => curl(`http://127.0.0.1:${plain}/a`))).toBe('web /a\n');
  // The check of the registration connects to the address that it names.
  await ok(`curl -sS -o /dev/null http://127.0.0.1:${ready}/`);
  expect((await shell.shell(`curl -sS http://127.0.0.1:${plain}/`)).stdout).toContain('has the host');

  await ok(`mesh intention create -deny front web`);
  expect(await answered('RBAC: access denied', () => curl(`http://127.0.0.1:${plain}/`))).toBe('RBAC: access denied');
  await ok('mesh intention delete front web');

  await ok(`mesh config write ${write('front.hcl', entry(`Port = ${secure} TLS = { Enabled = true }`))}`);
  await ok(`curl -sS http://$CONSUL_HTTP_ADDR/v1/agent/connect/ca/roots?pem=true -o roots.pem`);
  const tls = `--cacert roots.pem --resolve web.example.com:${secure}:127.0.0.1`;
  expect(await answered('web /b\n', () => curl(`https://web.example.com:${secure}/b`, tls))).toBe('web /b\n');

  gateway.child.kill('SIGINT');
  const ended = await gateway.promise;
  expect([ended.code, ended.stdout]).toEqual([0, expect.stringContaining('Deregistered service: front\n')]);
  const gone = await eventually(
    () => curl(`https://web.example.com:${secure}/`, tls),
    ({ code }) => code !== 0,
  );
  // curl: failed to connect.
  expect(gone.code).toBe(7);
  agent.child.kill('SIGINT');
  await agent.promise;
  app.close();
});

import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { freePorts } from '../free-ports.ts';
import { eventually, type FakeServiceReply, Workspace } from './harness.ts';

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

/** A container of a blueprint that runs a gateway; its entry comes with it. */
const gateway = (name: string, ip: string, command: readonly string[], env: string, ports = ''): string => `
  container "${name}" {
    image { name = "nicholasjackson/consul-envoy:v1.10.0-v1.18.3" }
    command = ${JSON.stringify(['consul', 'connect', 'envoy', ...command])}
    network {
      name       = "network.local"
      ip_address = "${ip}"
    }
    volume {
      source      = "./config"
      destination = "/config"
    }
    env_var = { ${env} }
    ${ports}
  }`;

it('gateways are containers of a blueprint: in by an ingress and an API gateway, out by a terminating one', async () => {
  const outside = createServer((_, response) => response.end(JSON.stringify({ name: 'billing', code: 200 }))).listen(0, '127.0.0.1');
  await once(outside, 'listening');
  const { port: outsidePort } = outside.address() as AddressInfo;
  const [plain, api] = await freePorts(2);
  const hostPort = (local: number, host: number | undefined): string => `
    port {
      local  = ${local}
      remote = ${local}
      host   = ${host}
    }`;
  mkdirSync(join(shell.cwd, 'config'));
  mkdirSync(join(shell.cwd, 'web'));
  write(
    'web/web.hcl',
    `service {
    name = "web"
    port = 9090
    connect {
      sidecar_service {
        proxy {
          upstreams {
            destination_name = "billing"
            local_bind_port  = 9091
          }
        }
      }
    }
  }`,
  );
  write(
    'config/front.hcl',
    `Kind = "ingress-gateway"
    Name = "front"
    Listeners = [{ Port = 8080, Protocol = "http", Services = [{ Name = "web", Hosts = ["web.example.com"] }] }]`,
  );
  write(
    'config/api.hcl',
    `Kind = "api-gateway"
    Name = "api"
    Listeners = [{ Name = "main", Port = 8081, Protocol = "http" }]`,
  );
  write(
    'config/exit.hcl',
    `Kind = "terminating-gateway"
    Name = "exit"
    Services = [{ Name = "billing" }]`,
  );
  write('config/exit-service.hcl', 'service { kind = "terminating-gateway" name = "exit" port = 8443 }');
  write(
    'main.hcl',
    `network "local" { subnet = "10.5.0.0/16" }
    container "web" {
      image { name = "nicholasjackson/fake-service:vm-v0.24.2" }
      network { name = "network.local" }
      volume {
        source      = "./web"
        destination = "/config"
      }
      env_var = {
        NAME          = "web"
        SERVICE_ID    = "web"
        UPSTREAM_URIS = "http://localhost:9091"
      }
    }
    service "billing" {
      address = "127.0.0.1"
      port    = ${outsidePort}
      connect = false
    }
    config_entry "defaults" {
      kind = "proxy-defaults"
      name = "global"
      Config = { protocol = "http" }
    }
    config_entry "route" {
      kind     = "http-route"
      name     = "shop"
      Parents  = [{ Kind = "api-gateway", Name = "api" }]
      Rules    = [{ Services = [{ Name = "web" }] }]
      depends_on = ["container.api"]
    }
    ${gateway('front', '10.5.0.120', ['-gateway=ingress', '-register', '-service', 'front', '-address', '10.5.0.120:8888'], 'CENTRAL_CONFIG = "/config/front.hcl"', hostPort(8080, plain))}
    ${gateway('api', '10.5.0.121', ['-gateway=api', '-register', '-service', 'api'], 'CENTRAL_CONFIG = "/config/api.hcl"', hostPort(8081, api))}
    ${gateway('exit', '10.5.0.122', ['-gateway=terminating', '-proxy-id', 'exit'], 'SERVICE_CONFIG = "/config/exit-service.hcl", CENTRAL_CONFIG = "/config/exit.hcl"')}
    `,
  );
  const ran = await shell.mesh('run', '.', '--http-port', '0');
  expect(ran, ran.stderr).toMatchObject({ code: 0 });
  const expected = [200, 'billing'];
  const calls = async (curl: string): Promise<[number | undefined, string | undefined]> => {
    const { stdout } = await shell.shell(`curl -sS ${curl}`);
    const reply = stdout.startsWith('{') ? (JSON.parse(stdout) as FakeServiceReply) : undefined;
    return [reply?.code, reply?.upstream_calls?.['http://localhost:9091']?.name];
  };
  expect(await calls(`-H 'Host: web.example.com' http://127.0.0.1:${plain}/`)).toEqual(expected);
  expect((await shell.shell(`curl -sS http://127.0.0.1:${plain}/`)).stdout).toContain('has the host');
  const byRoute = await eventually(
    () => calls(`http://127.0.0.1:${api}/`),
    (reply) => JSON.stringify(reply) === JSON.stringify(expected),
  );
  expect(byRoute).toEqual(expected);
  outside.close();
});

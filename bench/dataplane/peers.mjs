import { spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuSeconds, findProgram, freePorts } from '../processes.mjs';

const { NODE_EXTRA_CA_CERTS: _, ...ENV } = process.env;

/** Rejects when nobody listens there within ten seconds. */
export async function listening(port) {
  for (const until = Date.now() + 10_000; ; await sleep(20)) {
    const open = await new Promise((done) => {
      const socket = connect(port, '127.0.0.1');
      socket.on('connect', () => done(true));
      socket.on('error', () => done(false));
      socket.on('connect', () => socket.destroy());
    });
    if (open) return;
    if (Date.now() > until) throw new Error(`nobody listens on port ${port}`);
  }
}

/** Two proxies of somebody else's with mutual TLS between them: what the client connects to, and what the application is behind. */
class Pair {
  folder = mkdtempSync(join(tmpdir(), 'mesh-bench-'));
  proxies = [];
  helpers = [];

  run(program, args, list = this.proxies) {
    const child = spawn(program, args, {
      cwd: this.folder,
      env: ENV,
      stdio: ['ignore', 'ignore', process.env.BENCH_LOG ? 'inherit' : 'ignore'],
    });
    list.push(child);
  }

  file(name, text) {
    const path = join(this.folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  }

  /** PEM files of both sides, and of the root. */
  files(authority) {
    const pem = ({ certPem, keyPem }) => certPem + keyPem;
    const payments = authority.leaf('payments');
    return {
      web: this.file('web.pem', pem(authority.leaf('web'))),
      payments: this.file('payments.pem', pem(payments)),
      root: this.file('root.pem', authority.root.certPem),
      /** By which OpenSSL's own check of names knows it. */
      name: /CN=(.*)/.exec(new X509Certificate(payments.certPem).subject)?.[1],
    };
  }

  cpu() {
    return this.proxies.reduce((sum, { pid }) => sum + cpuSeconds(pid), 0);
  }

  async stop() {
    for (const child of [...this.proxies, ...this.helpers]) {
      const exited = new Promise((done) => child.once('exit', done));
      child.kill('SIGKILL');
      await exited;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** One thread each, TLS 1.3, certificates asked for on both sides, connections kept and shared by all requests. */
export async function haproxyPair(authority, { mode, ports }) {
  const pair = new Pair();
  const { web, payments, root } = pair.files(authority);
  const start = `global
  nbthread 1
  maxconn 4000
defaults
  mode ${mode}
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  ${mode === 'http' ? 'http-reuse always' : ''}
`;
  const front = `listen client
  bind 127.0.0.1:${ports.client}
  server payments 127.0.0.1:${ports.inbound} ssl verify required ca-file ${root} crt ${web} ssl-min-ver TLSv1.3
`;
  const behind = `listen mesh
  bind 127.0.0.1:${ports.inbound} ssl crt ${payments} ca-file ${root} verify required ssl-min-ver TLSv1.3
  server app 127.0.0.1:${ports.app}
`;
  pair.run(findProgram('haproxy'), ['-f', pair.file('front.cfg', start + front)]);
  pair.run(findProgram('haproxy'), ['-f', pair.file('behind.cfg', start + behind)]);
  await Promise.all([listening(ports.client), listening(ports.inbound)]);
  return pair;
}

/** One worker each, keep-alive on both hops; `grpc` uses grpc_pass over HTTP/2. */
export async function nginxPair(authority, { ports, grpc = false }) {
  const pair = new Pair();
  const { web, payments, root, name } = pair.files(authority);
  const keepAlive = 'keepalive_requests 1000000000; keepalive_timeout 60s;';
  const config = (own, upstream, listen, location) => {
    const folder = join(pair.folder, own);
    mkdirSync(folder);
    const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${folder}/${kind};`).join(' ');
    return pair.file(
      `${own}.conf`,
      `daemon off; master_process off; worker_processes 1; pid ${folder}/pid; error_log stderr crit;
events { worker_connections 4000; }
http {
  access_log off; ${temp} ${keepAlive}
  upstream next { server 127.0.0.1:${upstream}; keepalive 64; ${keepAlive} }
  server {
    listen 127.0.0.1:${listen};
    location / { ${location} }
  }
}
`,
    );
  };
  const pass = grpc ? 'grpc_pass grpc' : 'proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off; proxy_pass http';
  const kind = grpc ? 'grpc' : 'proxy';
  const http2 = grpc ? ' http2' : '';
  const verify = [
    'verify on',
    `trusted_certificate ${root}`,
    `name "${name}"`,
    `certificate ${web}`,
    `certificate_key ${web}`,
    'protocols TLSv1.3',
  ];
  const toPayments = `${verify.map((line) => `${kind}_ssl_${line};`).join(' ')} ${pass}s://next;`;
  const tls = `ssl${http2}; ssl_certificate ${payments}; ssl_certificate_key ${payments}; ssl_protocols TLSv1.3; ssl_verify_client on; ssl_client_certificate ${root}`;
  pair.run(findProgram('nginx'), ['-c', config('front', ports.inbound, `${ports.client}${http2}`, toPayments)]);
  pair.run(findProgram('nginx'), ['-c', config('behind', ports.app, `${ports.inbound} ${tls}`, `${pass}://next;`)]);
  await Promise.all([listening(ports.client), listening(ports.inbound)]);
  return pair;
}

/** Two of Consul's own proxies with a development agent of theirs, whose CPU isn't counted. */
export async function consulPair({ ports }) {
  const pair = new Pair();
  const consul = findProgram('consul');
  const [http, dns, server, lan, wan] = await freePorts(5);
  const agentPorts = { http, dns, server, 'serf-lan': lan, 'serf-wan': wan, grpc: -1 };
  const flags = Object.entries(agentPorts).flatMap(([name, port]) => [`-${name}-port`, String(port)]);
  pair.run(consul, ['agent', '-dev', '-log-level', 'warn', ...flags], pair.helpers);
  const ask = (path, options) => fetch(`http://127.0.0.1:${http}${path}`, options);
  for (const until = Date.now() + 20_000; ; await sleep(50)) {
    const leader = await ask('/v1/status/leader').then(
      (answer) => answer.text(),
      () => '""',
    );
    if (leader.length > 2) break;
    if (Date.now() > until) throw new Error('the agent of Consul has no leader');
  }
  const services = [
    { Name: 'web', Port: ports.unused, Connect: {} },
    { Name: 'payments', Port: ports.app, Connect: {} },
    { Name: 'payments-proxy', Kind: 'connect-proxy', Port: ports.inbound, Proxy: { DestinationServiceName: 'payments' } },
  ];
  for (const service of services) await ask('/v1/agent/service/register', { method: 'PUT', body: JSON.stringify(service) });
  const proxy = (...args) => pair.run(consul, ['connect', 'proxy', '-http-addr', `127.0.0.1:${http}`, '-log-level', 'warn', ...args]);
  proxy('-service', 'payments', '-service-addr', `127.0.0.1:${ports.app}`, '-listen', `127.0.0.1:${ports.inbound}`);
  proxy('-service', 'web', '-upstream', `payments:${ports.client}`);
  await Promise.all([listening(ports.client), listening(ports.inbound)]);
  return pair;
}

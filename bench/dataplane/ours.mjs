import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { cpuSeconds, residentMiB } from '../processes.mjs';
import { DATAPLANE_FLAGS, TRUST_DOMAIN } from './source.mjs';

const dist = resolve(import.meta.dirname, '../../dist');
export const LOOPBACK = '127.0.0.1';

/** A process of the data plane whose agent is this one: it is told what to serve line by line, as by the control plane. */
export class DataPlane {
  #index = 0;
  #waiting = [];

  /** `program` is another build of the data plane; `flags` are Node's, behind those that the agent starts it with. */
  static async start({ program = join(dist, 'dataplane.cjs'), flags = [] } = {}) {
    const plane = new DataPlane();
    plane.folder = mkdtempSync(join(tmpdir(), 'mesh-bench-'));
    const path = join(plane.folder, 'agent.sock');
    plane.agent = createServer((socket) => plane.#connected(socket));
    await new Promise((done) => plane.agent.listen(path, done));
    const hello = plane.#report();
    const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
    plane.child = spawn(process.execPath, [...DATAPLANE_FLAGS, ...flags, program, path], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...env, MESH_LOG_LEVEL: process.env.BENCH_LOG ?? 'error' },
    });
    await hello;
    return plane;
  }

  get pid() {
    return this.child.pid;
  }

  cpu() {
    return cpuSeconds(this.pid);
  }

  rss() {
    return residentMiB(this.pid);
  }

  /** Resolves when it is in force. */
  async apply(update) {
    const acknowledged = this.#report();
    this.send(update);
    const { errors } = await acknowledged;
    if (Object.keys(errors).length > 0) throw new Error(JSON.stringify(errors));
  }

  /** It tells of every request from now on; nobody looks at what it tells. */
  tap() {
    this.socket.write(`${JSON.stringify({ type: 'tap', id: 1, filter: {} })}\n`);
  }

  send(update) {
    const nothing = { full: false, proxies: [], removedProxies: [], forwards: [], removedForwards: [], leaves: [] };
    this.#index++;
    this.socket.write(`${JSON.stringify({ type: 'update', index: this.#index, ...nothing, ...update })}\n`);
  }

  async stop() {
    const exited = new Promise((done) => this.child.once('exit', done));
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill('SIGTERM');
      await exited;
    }
    this.socket.destroy();
    this.agent.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #report() {
    return new Promise((done) => this.#waiting.push(done));
  }

  #connected(socket) {
    this.socket = socket;
    socket.on('error', () => undefined);
    createInterface({ input: socket }).on('line', (line) => this.#waiting.shift()?.(JSON.parse(line)));
  }
}

/** The configuration of one sidecar, as the control plane compiles it. `ports`: of its inbound side and of its application. */
export function sidecar(
  authority,
  { id, service, protocol, ports: [inbound, app], outbound = [], clusters = {}, intentions = [], jwtProviders, telemetry },
) {
  const bind = { address: LOOPBACK, port: inbound };
  const config = {
    id: `dc1/node/${id ?? `${service}-sidecar-proxy`}`,
    service,
    datacenter: 'dc1',
    identity: authority.identity(service),
    inbound: {
      bind,
      protocol,
      app: { address: LOOPBACK, port: app },
      connectTimeoutMs: 5000,
      intentions,
      defaultAction: 'deny',
      ...(jwtProviders && { jwtProviders }),
    },
    outbound,
    clusters,
    ...(telemetry && { telemetry }),
  };
  return { ...config, hash: JSON.stringify(config) };
}

/** `at`: ports of the inbound sides of its instances. */
export function cluster(authority, { name, service, at }) {
  return {
    name,
    service,
    datacenter: 'dc1',
    sni: `${service}.default.dc1.internal.${TRUST_DOMAIN}`,
    identities: [authority.identity(service)],
    connectTimeoutMs: 5000,
    endpoints: at.map((port, i) => ({ id: `node/${name}-${i}`, address: LOOPBACK, port, weight: 1 })),
  };
}

export const upstream = (name, port, protocol, routes) => ({ name, binds: [{ address: LOOPBACK, port }], protocol, routes });

const allow = (source) => ({ source, action: 'allow', precedence: 9 });
const deny = (source) => ({ source, action: 'deny', precedence: 9 });

/** Intentions of payments: web comes second, so that a rule that doesn't match is looked at, too. */
export const INTENTIONS = [deny('batch'), allow('web'), { source: '*', action: 'deny', precedence: 8 }];

/** A router and a splitter in front of payments: the requests of the bench match its second route, half of them each subset. */
export const ROUTES = [
  { match: { pathPrefix: '/admin' }, splits: [{ weight: 100, cluster: 'payments' }] },
  {
    match: { pathPrefix: '/api', methods: ['GET', 'POST'] },
    splits: [
      { weight: 50, cluster: 'v1.payments' },
      { weight: 50, cluster: 'v2.payments' },
    ],
  },
  { match: {}, splits: [{ weight: 100, cluster: 'payments' }] },
];
const ONE_ROUTE = [{ match: {}, splits: [{ weight: 100, cluster: 'payments' }] }];

/**
 * web -> payments over mutual TLS, in two processes of the data plane, or in one. The client connects to `ports.client`.
 * Protocols other than tcp get the router and the splitter. `policy`: what payments asks of its callers;
 * `telemetry`: of both sidecars; `tapped`: both are listened to.
 */
export class OurPair {
  static async start(
    authority,
    { protocol, ports, one = false, policy = { intentions: INTENTIONS }, telemetry, tapped = false, ...options },
  ) {
    const pair = new OurPair();
    pair.planes = [await DataPlane.start(options)];
    if (!one) pair.planes.push(await DataPlane.start(options));
    const web = pair.planes[0];
    const payments = pair.planes.at(-1);
    const roots = [authority.root.certPem];
    const behind = sidecar(authority, { service: 'payments', protocol, ports: [ports.inbound, ports.app], ...policy, telemetry });
    await payments.apply({ proxies: [behind], leaves: [authority.leaf('payments')], roots });
    const names = ['payments', 'v1.payments', 'v2.payments'];
    const clusters = Object.fromEntries(
      names.map((name) => [
        name,
        { ...cluster(authority, { name, service: 'payments', at: [ports.inbound] }), ...(protocol === 'grpc' && { protocol }) },
      ]),
    );
    const outbound = [upstream('payments', ports.client, protocol, protocol === 'tcp' ? ONE_ROUTE : ROUTES)];
    const front = sidecar(authority, {
      service: 'web',
      protocol: 'tcp',
      ports: [ports.unused, ports.unused],
      outbound,
      clusters,
      telemetry,
    });
    await web.apply({ proxies: [front], leaves: [authority.leaf('web')], roots });
    if (tapped) for (const plane of pair.planes) plane.tap();
    return pair;
  }

  cpu() {
    return this.planes.reduce((sum, plane) => sum + plane.cpu(), 0);
  }

  async stop() {
    await Promise.all(this.planes.map((plane) => plane.stop()));
  }
}

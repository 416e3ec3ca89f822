import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { cpuSeconds, findProgram, freePorts, residentMiB } from '../processes.mjs';

const root = resolve(import.meta.dirname, '../..');

/** A server under test: its process, what it costs, and a client of its API. */
export class Server {
  constructor(name, child, port, folder) {
    Object.assign(this, { name, child, port, folder });
    this.agent = new Agent({ keepAlive: true, maxSockets: 64 });
  }

  /** `dev`: ours is in memory as well, as Consul's -dev agent is. With the folder and the port of one that was killed it is that one again. */
  static async start(name, { dev = false, folder = mkdtempSync(join(tmpdir(), 'mesh-bench-')), port: wanted } = {}) {
    const ports = await freePorts(5);
    const port = wanted ?? ports[0];
    const [command, args] = name === 'mesh' ? meshCommand(port, dev) : consulCommand(ports);
    const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
    const child = spawn(command, args, {
      stdio: ['ignore', 'ignore', process.env.BENCH_LOG ? 'inherit' : 'ignore'],
      env: { ...env, MESH_HOME: join(folder, 'home') },
      cwd: folder,
    });
    child.once('exit', (code) => {
      if (!child.killed) throw new Error(`${name} ended with ${code}`);
    });
    const server = new Server(name, child, port, folder);
    const began = performance.now();
    while (JSON.parse(await server.ask('/v1/status/leader').catch(() => '""')) === '') await new Promise((done) => setTimeout(done, 2));
    server.startMs = performance.now() - began;
    return server;
  }

  /** CPU seconds so far, of the process and its children. */
  cpu() {
    return cpuSeconds(this.child.pid);
  }

  /** Resident memory in MiB, of the process and its children. */
  rss() {
    return residentMiB(this.child.pid);
  }

  /** The body of an answer. Rejects unless it is a 2xx. */
  ask(path, { method = 'GET', body, agent = this.agent } = {}) {
    return this.call(path, { method, body, agent }).then(({ text }) => text);
  }

  call(path, { method = 'GET', body, agent = this.agent } = {}) {
    const payload = typeof body === 'object' ? JSON.stringify(body) : body;
    const headers = payload === undefined ? {} : { 'Content-Length': Buffer.byteLength(payload) };
    return new Promise((done, fail) => {
      const outgoing = request({ host: '127.0.0.1', port: this.port, path, method, agent, headers }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('error', fail);
        response.on('end', () => {
          if (response.statusCode >= 300) fail(new Error(`${method} ${path}: ${response.statusCode} ${text}`));
          else done({ text, headers: response.headers });
        });
      });
      outgoing.on('error', fail);
      outgoing.end(payload);
    });
  }

  /** Ends it at once and leaves everything that it started, and its folder. */
  async kill() {
    this.agent.destroy();
    const exited = new Promise((done) => this.child.once('exit', done));
    this.child.kill('SIGKILL');
    await exited;
  }

  async stop() {
    this.agent.destroy();
    const exited = new Promise((done) => this.child.once('exit', done));
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), 5000);
    await exited;
    clearTimeout(timer);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function meshCommand(port, dev) {
  const args = ['agent', '--http-port', String(port), '--log-level', 'warn', ...(dev ? ['-dev'] : [])];
  return [process.execPath, [join(root, 'bin/mesh.js'), ...args]];
}

function consulCommand([http, dns, server, lan, wan]) {
  const ports = [
    '-http-port',
    http,
    '-dns-port',
    dns,
    '-server-port',
    server,
    '-serf-lan-port',
    lan,
    '-serf-wan-port',
    wan,
    '-grpc-port',
    -1,
  ];
  return [findProgram('consul'), ['agent', '-dev', '-log-level', 'warn', ...ports.map(String)]];
}

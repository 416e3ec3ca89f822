import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { request } from 'node:http';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePorts } from '../../../free-ports.ts';

/** The binary that CONSUL_BIN names, or that is on PATH. */
export function findConsul(): string | undefined {
  const { CONSUL_BIN, PATH = '' } = process.env;
  const candidates = CONSUL_BIN ? [CONSUL_BIN] : PATH.split(delimiter).map((folder) => join(folder, 'consul'));
  return candidates.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the real command line. */
export async function runReal(
  binary: string,
  argv: readonly string[],
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string>>; readonly stdin?: string },
): Promise<Ran> {
  const child = spawn(binary, argv, { cwd: options.cwd, env: { PATH: process.env['PATH'], ...options.env } });
  const text = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (text.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (text.err += chunk.toString()));
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.stdin ?? '');
  const [code] = (await once(child, 'close')) as [number | null];
  return { code: code ?? -1, ...text };
}

export interface RealServer extends AsyncDisposable {
  /** `127.0.0.1:41234` */
  readonly address: string;
  /** Those of HTTP, RPC and the two gossip pools, which texts show. */
  readonly ports: readonly number[];
}

/** A server in memory that is the leader already. Two of them differ in nothing but ports and what is drawn at random. */
export async function startRealServer(binary: string, { hcl, token }: { hcl?: string; token?: string } = {}): Promise<RealServer> {
  const ports = await freePorts(4);
  const [http, server, lan, wan] = ports.map(String);
  const words = ['-dev', '-node=dev1', '-node-id=e0db518e-ddd4-7654-ddca-6ec0a81eb73d', '-dns-port=-1', '-grpc-port=-1', '-log-level=err'];
  const own = [`-http-port=${http}`, `-server-port=${server}`, `-serf-lan-port=${lan}`, `-serf-wan-port=${wan}`];
  const child = spawn(binary, ['agent', ...words, ...own, ...(hcl === undefined ? [] : ['-hcl', hcl])], { stdio: 'ignore' });
  const exited = once(child, 'exit');
  const address = `127.0.0.1:${http}`;
  while (!(await isLeader(Number(http), token))) {
    if (child.exitCode !== null) throw new Error(`consul agent ended with ${child.exitCode}`);
    await delay(50);
  }
  return {
    address,
    ports,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** The catalog holds the server itself: nothing more will come by itself. */
function isLeader(port: number, token = ''): Promise<boolean> {
  return new Promise((resolve) => {
    const outgoing = request(
      { host: '127.0.0.1', port, path: '/v1/health/service/consul?passing', headers: { 'X-Consul-Token': token } },
      (answer) => {
        let body = '';
        answer.on('data', (chunk: Buffer) => (body += chunk.toString()));
        answer.on('end', () => resolve(answer.statusCode === 200 && body.includes('"ServiceID"')));
      },
    );
    outgoing.on('error', () => resolve(false));
    outgoing.end();
  });
}

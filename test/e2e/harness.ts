import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { expect } from 'vitest';
import { homeOf } from '../../src/app/home.ts';
import { call } from '../../src/app/rpc/client.ts';
import type { StatusReport } from '../../src/app/rpc/status.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** Compiled code is kept in the checkout, not in the home of whoever runs the tests. */
const CACHE = join(ROOT, 'node_modules/.cache');

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface StartOptions {
  /** Sees all of standard error so far, whenever there is more. */
  readonly onStderr?: (text: string) => void;
  readonly input?: string;
}

/** A mesh of its own: a home, an empty folder to stand in, and `mesh`, `consul` and `shipyard` on the PATH. */
export class Workspace implements AsyncDisposable {
  readonly home: string;
  readonly cwd: string;
  readonly env: Record<string, string>;
  readonly #base: string;

  constructor(env: Record<string, string> = {}) {
    this.#base = realpathSync(mkdtempSync(join(tmpdir(), 'mesh-e2e-')));
    this.home = join(this.#base, 'home');
    this.cwd = mkdtempSync(join(this.#base, 'cwd-'));
    const bin = mkdtempSync(join(this.#base, 'bin-'));
    for (const name of ['mesh', 'consul', 'shipyard']) symlinkSync(join(ROOT, 'bin/mesh.js'), join(bin, name));
    const { PATH, HOME } = process.env;
    this.env = { PATH: `${bin}:${PATH}`, HOME: HOME ?? this.#base, MESH_HOME: this.home, XDG_CACHE_HOME: CACHE, NO_COLOR: '1', ...env };
  }

  mesh(...args: string[]): Promise<Outcome> {
    return this.exec('mesh', args);
  }

  /** A line as a user types it. */
  shell(line: string): Promise<Outcome> {
    return this.exec('/bin/sh', ['-c', line]);
  }

  exec(command: string, args: readonly string[], options: StartOptions = {}): Promise<Outcome> {
    return this.start(command, args, options).promise;
  }

  start(command: string, args: readonly string[], options: StartOptions = {}) {
    const child = execa(command, args, {
      cwd: this.cwd,
      env: this.env,
      extendEnv: false,
      reject: false,
      stripFinalNewline: false,
      input: options.input ?? '',
    });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
      options.onStderr?.(stderr);
    });
    const promise = child.then((result): Outcome => ({ code: result.exitCode ?? null, stdout: result.stdout, stderr: result.stderr }));
    return { child, promise };
  }

  /** Runs a blueprint on free ports; returns the base URL of its first ingress. */
  async run(blueprint: string, ...args: string[]): Promise<string> {
    const outcome = await this.mesh('run', blueprint, '--http-port', '0', '--ports', 'auto', '--json', ...args);
    expect(outcome, outcome.stderr).toMatchObject({ code: 0 });
    const result = JSON.parse(outcome.stdout) as { status: StatusReport };
    this.env['CONSUL_HTTP_ADDR'] = result.status.agent.http;
    return result.status.ingresses[0]?.url.replace('localhost', '127.0.0.1') ?? '';
  }

  /** What `mesh status --json` says. While an agent runs it is asked as the command asks it, without a process for each question. */
  async status(): Promise<StatusReport> {
    const said = await call(homeOf(this.env, this.cwd).agentSocket, 'status', {}, { version: '' }).catch(() => undefined);
    if (said) return said;
    const outcome = await this.mesh('status', '--json');
    expect(outcome, outcome.stderr).toMatchObject({ code: 0 });
    return JSON.parse(outcome.stdout) as StatusReport;
  }

  agentPid(): number {
    return (JSON.parse(readFileSync(join(this.home, 'agent.json'), 'utf8')) as { pid: number }).pid;
  }

  /** Command lines of everything that belongs to this home and still runs. */
  processes(): string[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((pid) => {
        const text = read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();
        const environment = read(`/proc/${pid}/environ`);
        return text.includes(this.home) || environment.includes(`MESH_HOME=${this.home}\0`) ? [`${pid} ${text}`] : [];
      });
  }

  /** Destroys what runs, and fails if anything is left of it. */
  async [Symbol.asyncDispose](): Promise<void> {
    // Where no home was made, or it is gone already, there is nothing to purge.
    const outcome = existsSync(this.home) ? await this.mesh('purge', '-y') : { code: 0, stderr: '' };
    const left = await eventually(
      () => this.processes(),
      (processes) => processes.length === 0,
    );
    rmSync(this.#base, { recursive: true, force: true });
    expect(outcome, outcome.stderr).toMatchObject({ code: 0 });
    expect(left).toEqual([]);
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Looks again and again until `accept` is satisfied or the time is up; returns what was seen last. */
export async function eventually<T>(look: () => T | Promise<T>, accept: (value: T) => boolean, timeoutMs = 30_000): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  let pauseMs = 10;
  for (;;) {
    const value = await look();
    if (accept(value) || Date.now() > deadline) return value;
    await new Promise((done) => setTimeout(done, pauseMs));
    // Who looks at processes or asks an agent keeps them from what is waited for.
    pauseMs = Math.min(2 * pauseMs, 100);
  }
}

export interface FakeServiceReply {
  readonly name: string;
  readonly code: number;
  readonly body?: string;
  readonly upstream_calls?: Readonly<
    Record<string, FakeServiceReply & { readonly error?: string; readonly headers?: Record<string, string> }>
  >;
}

/** One call, on a connection of its own. */
export async function get(url: string): Promise<FakeServiceReply> {
  const response = await fetch(url, { headers: { connection: 'close' } });
  return (await response.json()) as FakeServiceReply;
}

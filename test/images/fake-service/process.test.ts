import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { request } from './harness.ts';

let folder: string;
let program: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fake-service-'));
  program = join(folder, 'fake-service.mjs');
  const entry = join(import.meta.dirname, '../../../src/main/fake-service.ts');
  await build({ entryPoints: [entry], outfile: program, bundle: true, format: 'esm', platform: 'node', target: 'node20' });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});

interface Instance {
  readonly child: ChildProcess;
  readonly output: { stdout: string; stderr: string };
  /** Exit code and output, once it has ended. */
  readonly ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
  /** The first match in the standard output. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
}

function spawnService(env: Record<string, string>): Instance {
  const child = spawn(process.execPath, [program], {
    env: { LISTEN_ADDR: '127.0.0.1:0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  const output = { stdout: '', stderr: '' };
  child.stdout!.on('data', (chunk) => {
    output.stdout += chunk;
  });
  child.stderr!.on('data', (chunk) => {
    output.stderr += chunk;
  });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, ...output }));
  const printed = async (pattern: RegExp): Promise<RegExpExecArray> => {
    for (;;) {
      const match = pattern.exec(output.stdout);
      if (match) return match;
      await Promise.race([
        once(child.stdout!, 'data'),
        ended.then(({ stderr }) => Promise.reject(new Error(`it ended without printing ${pattern}: ${stderr}`))),
      ]);
    }
  };
  return { child, output, ended, printed };
}

const addressOf = async (instance: Instance) => `http://${(await instance.printed(/listenAddress=(\S+)\n/))[1]}`;

describe('the process', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('serves, logs each request, and ends at once on %s', async (signal) => {
    const instance = spawnService({ NAME: 'web', TRACING_DATADOG_HOST: 'agent' });
    const url = await addressOf(instance);
    expect(JSON.parse((await request(`${url}/x`)).text)).toMatchObject({ name: 'web', uri: '/x', code: 200 });
    await instance.printed(/ \[INFO\] {2}Handle inbound request: request="GET \/x HTTP\/1\.1" /);
    instance.child.kill(signal);
    const { code, stdout, stderr } = await instance.ended;
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^\S+Z \[WARN\] {2}TRACING_DATADOG_HOST: traces are not sent to Datadog; .*\n/);
  });

  it('finishes a running request first', async () => {
    const instance = spawnService({ TIMING_50_PERCENTILE: '300ms' });
    const answer = request(await addressOf(instance));
    await instance.printed(/Sleeping for/);
    instance.child.kill('SIGTERM');
    expect((await answer).status).toBe(200);
    expect((await instance.ended).code).toBe(0);
  });

  it('says in one line what is wrong', async () => {
    const bad = await spawnService({ ERROR_RATE: 'often' }).ended;
    expect(bad).toEqual({ code: 1, stdout: '', stderr: 'fake-service: ERROR_RATE is "often", expected a number from 0 to 1\n' });
    const first = spawnService({});
    const url = await addressOf(first);
    const taken = await spawnService({ LISTEN_ADDR: url.slice(7) }).ended;
    expect(taken).toEqual({
      code: 1,
      stdout: '',
      stderr: `fake-service: can't listen on ${url.slice(7)}: the address is already in use\n`,
    });
  });

  it('writes JSON of the level asked for, into the file asked for', async () => {
    const file = join(folder, 'web.log');
    const instance = spawnService({
      LOG_FORMAT: 'json',
      LOG_OUTPUT: file,
      LOG_LEVEL: 'warn',
      TRACING_DATADOG_HOST: 'agent',
      LISTEN_ADDR: '127.0.0.1:0',
    });
    const lines = async () => (await readFile(file, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');
    await expect.poll(lines, { timeout: 10_000 }).toHaveLength(1);
    expect(JSON.parse((await lines())[0]!)).toMatchObject({
      '@level': 'warn',
      '@message': expect.stringContaining('TRACING_DATADOG_HOST'),
    });
    expect(instance.output).toEqual({ stdout: '', stderr: '' });
  });

  it('fails before it listens when the log file can’t be opened', async () => {
    const { code, stderr } = await spawnService({ LOG_OUTPUT: join(folder, 'none', 'web.log') }).ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^fake-service: ENOENT: no such file or directory, open .*web\.log'\n$/);
  });
});

import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const bin = join(import.meta.dirname, '../bin/mesh.js');

let folder: string;
let children: ChildProcessByStdio<null, Readable, Readable>[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mesh-main-'));
  children = [];
});
afterEach(async () => {
  for (const child of children) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  await rm(folder, { recursive: true });
});

interface Started {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  readonly ended: Promise<{ code: number | null; out: string; err: string }>;
}

/** Starts the command line as a user's shell does: its own process, no terminal, a home of its own. */
function start(
  argv: readonly string[],
  options: { env?: Record<string, string>; node?: readonly string[]; program?: string } = {},
): Started {
  const { env = {}, node = [], program = bin } = options;
  const child = spawn(process.execPath, [...node, program, ...argv], {
    cwd: folder,
    env: { PATH: process.env['PATH'], MESH_HOME: join(folder, 'home'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  const text = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    text.out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    text.err += chunk.toString();
  });
  return { child, ended: once(child, 'close').then(([code]) => ({ code: code as number | null, ...text })) };
}

const mesh = (...argv: string[]) => start(argv).ended;

async function agentLog(text: string): Promise<void> {
  await mkdir(join(folder, 'home/logs'), { recursive: true });
  await writeFile(join(folder, 'home/logs/agent.log'), text);
}

describe('the command line', () => {
  it('says its version', async () => {
    const { version } = (await import('../package.json', { with: { type: 'json' } })).default;
    for (const argv of ['--version', '-v', 'version']) expect(await mesh(argv)).toEqual({ code: 0, out: `mesh ${version}\n`, err: '' });
  });

  it('without a command shows what there is on standard error, and exits 2', async () => {
    const { code, out, err } = await mesh();
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^Usage: mesh <command>/);
  });

  it('names the nearest command for one that it does not know', async () => {
    const expected = "error: unknown command 'rnu'\nhint: did you mean `mesh run`?\n";
    expect(await mesh('rnu')).toEqual({ code: 2, out: '', err: expected });
  });

  it('gives errors as JSON on standard output to who asked for JSON', async () => {
    const { code, out, err } = await mesh('run', 'nowhere', '--json');
    expect(code).toBe(3);
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'invalid' } });
    expect(err).toBe('');
  });

  it('called by the name consul speaks as Consul does', async () => {
    await symlink(bin, join(folder, 'consul'));
    const { code, err } = await start(['nonsense'], { program: join(folder, 'consul') }).ended;
    expect(code).toBe(127);
    expect(err).toMatch(/^Usage: consul/);
  });

  it('called in a folder that has been removed says so', async () => {
    const gone = join(folder, 'gone');
    await mkdir(gone);
    const script = `cd ${gone} && rmdir ${gone} && exec ${process.execPath} ${bin} --version`;
    const child = spawn('/bin/sh', ['-c', script], { stdio: ['ignore', 'pipe', 'pipe'] });
    children.push(child);
    child.stdout.resume();
    let err = '';
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString();
    });
    const [code] = (await once(child, 'close')) as [number];
    expect({ code, err }).toEqual({ code: 4, err: 'error: the current folder has been removed\nhint: change to one that exists\n' });
  });
});

describe('output', () => {
  it('has no escape codes in a pipe or with NO_COLOR, and has them with FORCE_COLOR', async () => {
    const errOf = async (env: Record<string, string>) => (await start(['rnu'], { env }).ended).err;
    expect(await errOf({})).not.toContain('\u001b');
    expect(await errOf({ FORCE_COLOR: '1', NO_COLOR: '1' })).not.toContain('\u001b');
    expect(await errOf({ FORCE_COLOR: '0' })).not.toContain('\u001b');
    expect(await errOf({ FORCE_COLOR: '1' })).toContain('\u001b[31merror:');
  });

  it('may lose its reader without a word', async () => {
    await agentLog(`${'x'.repeat(99)}\n`.repeat(20_000));
    const { child, ended } = start(['logs', 'agent', '-n', 'all']);
    child.stdout.once('data', () => child.stdout.destroy());
    expect(await ended).toMatchObject({ code: 0, err: '' });
  });

  it('reaches a slow reader whole', async () => {
    await agentLog(`${'x'.repeat(99)}\n`.repeat(20_000));
    const { child, ended } = start(['logs', 'agent', '-n', 'all']);
    child.stdout.pause();
    await once(child.stdout, 'readable');
    child.stdout.resume();
    const { code, out } = await ended;
    expect({ code, length: out.length }).toEqual({ code: 0, length: 2_000_000 });
  });
});

describe('signals', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s ends what follows a log with %d, quietly', async (signal, exit) => {
    await agentLog('{"message":"agent started"}\n');
    const { child, ended } = start(['logs', 'agent', '-f']);
    await once(child.stdout, 'data');
    child.kill(signal);
    expect(await ended).toEqual({ code: exit, out: '{"message":"agent started"}\n', err: '' });
  });
});

describe('purge', () => {
  it('ends an agent that the user started with its data plane, and leaves what is not of mesh', async () => {
    await mkdir(join(folder, 'home'));
    await writeFile(join(folder, 'home/mine'), '');
    const agent = start(['agent', '--http-port', '0']);
    await once(agent.child.stdout, 'data');
    const { code, out } = await mesh('purge', '-y');
    expect({ code, out }).toEqual({ code: 0, out: `${join(folder, 'home')} stays, for what is not of mesh: mine\n` });
    expect(await agent.ended).toMatchObject({ code: 0 });
    expect(await readdir(join(folder, 'home'))).toEqual(['mine']);
    const processes = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).split('\n');
    expect(processes.filter((line) => line.includes(folder))).toEqual([]);
  });
});

describe('a machine that is not ready for it', () => {
  it('has a Node that is too old: says which is needed and which this is', async () => {
    const preload = join(folder, 'old.cjs');
    const old = (version: string) =>
      `globalThis.process = Object.create(process, { versions: { value: { ...process.versions, node: '${version}' } } });`;
    for (const version of ['18.20.4', '20.14.0']) {
      await writeFile(preload, old(version));
      const { code, out, err } = await start(['--version'], { node: ['--require', preload] }).ended;
      expect({ code, out }).toEqual({ code: 4, out: '' });
      expect(err).toBe(`mesh needs Node.js 20.15 or newer; this is ${version} (${process.execPath})\n`);
    }
    await writeFile(preload, old('20.15.0'));
    expect(await start(['--version'], { node: ['--require', preload] }).ended).toMatchObject({ code: 0, err: '' });
  });

  it('has no build: says what makes one', async () => {
    await cp(join(bin, '..'), join(folder, 'checkout/bin'), { recursive: true });
    await writeFile(join(folder, 'checkout/package.json'), '{"type":"module"}');
    const program = join(folder, 'checkout/bin/mesh.js');
    expect(await start(['--version'], { program }).ended).toEqual({ code: 70, out: '', err: 'mesh is not built yet: npm run build\n' });
  });
});

import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, realpath, rm, stat, symlink } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listenUnix, lockHome } from '../../../src/app/agent/lock.ts';

let folder: string;
let socket: string;
let child: ChildProcess | undefined;
const unlocks: (() => void)[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mesh-lock-'));
  socket = join(folder, 'agent.sock');
});
afterEach(async () => {
  for (const unlock of unlocks.splice(0)) unlock();
  if (child && child.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  await rm(folder, { recursive: true });
});

async function lock(root: string, abstractSockets: boolean): Promise<boolean> {
  const unlock = await lockHome(root, socket, { abstractSockets });
  if (unlock) unlocks.push(unlock);
  return unlock !== undefined;
}

describe.skipIf(process.platform !== 'linux')('a home on Linux', () => {
  it('has one owner until that lets go', async () => {
    expect(await lock(folder, true)).toBe(true);
    expect(await lock(folder, true)).toBe(false);
    unlocks.pop()!();
    expect(await lock(folder, true)).toBe(true);
  });

  it('is the same home by another path', async () => {
    const link = join(folder, 'link');
    await mkdir(join(folder, 'real'));
    await symlink(join(folder, 'real'), link);
    expect(await lock(join(folder, 'real'), true)).toBe(true);
    expect(await lock(link, true)).toBe(false);
  });

  it('is not in the way of another home', async () => {
    await mkdir(join(folder, 'a'));
    expect(await lock(folder, true)).toBe(true);
    expect(await lock(join(folder, 'a'), true)).toBe(true);
  });

  it('is free at once when its owner is killed', async () => {
    const name = `mesh/home/${createHash('sha256')
      .update(await realpath(folder))
      .digest('hex')}`;
    const script = `require('net').createServer().listen('\\0' + ${JSON.stringify(name)}, () => console.log('locked'))`;
    const holder = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    child = holder;
    await once(holder.stdout, 'data');
    expect(await lock(folder, true)).toBe(false);
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    expect(await lock(folder, true)).toBe(true);
  });
});

describe('a home elsewhere', () => {
  it('belongs to whoever answers on its socket', async () => {
    expect(await lock(folder, false)).toBe(true);
    const server = createServer((peer) => peer.destroy());
    await listenUnix(server, socket);
    expect(await lock(folder, false)).toBe(false);
    await new Promise((resolve) => server.close(resolve));
    expect(await lock(folder, false)).toBe(true);
  });
});

describe('the socket of an agent', () => {
  it('takes the place of one that a killed agent has left, and only its owner can use it', async () => {
    const script = `require('net').createServer().listen(${JSON.stringify(socket)}, () => process.kill(process.pid, 'SIGKILL'))`;
    child = spawn(process.execPath, ['-e', script], { stdio: 'ignore' });
    await once(child, 'exit');
    expect((await stat(socket)).isSocket()).toBe(true);
    const server = createServer((peer) => peer.end('here'));
    await listenUnix(server, socket);
    expect((await stat(socket)).mode & 0o777).toBe(0o600);
    const [said] = (await once(connect(socket), 'data')) as [Buffer];
    expect(said.toString()).toBe('here');
    await new Promise((resolve) => server.close(resolve));
  });
});

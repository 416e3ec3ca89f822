import { chown, mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { homedir, tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHome, homeOf, readAgentRecord, removeState } from '../../src/app/home.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mesh-home-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('the home of a mesh', () => {
  it.each([
    [{ MESH_HOME: '/srv/mesh', XDG_STATE_HOME: '/xdg', HOME: '/home/me' }, '/srv/mesh'],
    [{ MESH_HOME: 'here', HOME: '/home/me' }, '/work/here'],
    [{ MESH_HOME: '../up' }, '/up'],
    [{ XDG_STATE_HOME: '/xdg', HOME: '/home/me' }, '/xdg/mesh'],
    [{ HOME: '/home/me' }, '/home/me/.local/state/mesh'],
    [{ MESH_HOME: '', XDG_STATE_HOME: '', HOME: '/home/me' }, '/home/me/.local/state/mesh'],
    [{}, join(homedir(), '.local/state/mesh')],
  ])('with %j is %s', (env, root) => {
    expect(homeOf(env, '/work').root).toBe(root);
  });

  it('has its sockets inside as long as their paths fit, and elsewhere when they do not', () => {
    const socketOf = (length: number) => homeOf({ MESH_HOME: `/${'x'.repeat(length - 1)}` }, '/').dataplaneSocket;
    const inside = '/run/dataplane.sock'.length;
    expect(socketOf(103 - inside)).toHaveLength(103);
    expect(dirname(dirname(socketOf(104 - inside)))).toBe(tmpdir());
    for (const length of [85, 200, 4000]) expect(Buffer.byteLength(socketOf(length))).toBeLessThanOrEqual(103);
  });

  it('counts bytes, not characters, of a path', () => {
    expect(dirname(dirname(homeOf({ MESH_HOME: `/${'ü'.repeat(60)}` }, '/').agentSocket))).toBe(tmpdir());
  });

  it('gives two deep homes different places for their sockets, and one home the same one each time', () => {
    const deep = (name: string) => homeOf({ MESH_HOME: `/${'x'.repeat(150)}/${name}` }, '/').agentSocket;
    expect(deep('a')).not.toBe(deep('b'));
    expect(deep('a')).toBe(deep('a'));
  });

  it('is made of folders that only their owner can enter', async () => {
    const home = homeOf({ MESH_HOME: 'a/b' }, folder);
    await createHome(home);
    await createHome(home);
    for (const path of [home.root, home.stateDir, home.registryDir, home.runDir, home.logDir, home.dataDir, dirname(home.root)]) {
      expect((await stat(path)).mode & 0o777, path).toBe(0o700);
    }
  });

  it('is refused where somebody else has made a folder of it first', async () => {
    const home = homeOf({ MESH_HOME: 'theirs' }, folder);
    await mkdir(home.root);
    // Only root can give folders away; for others those of root are somebody else's.
    if (userInfo().uid === 0) {
      await mkdir(home.runDir);
      await chown(home.runDir, 65534, 65534);
    } else await symlink('/usr', home.runDir);
    await expect(createHome(home)).rejects.toMatchObject({
      code: 'environment',
      message: expect.stringMatching(/theirs\/run belongs to uid \d+$/),
      hint: 'use another MESH_HOME',
    });
  });

  it.skipIf(process.platform !== 'linux')('that can not be made is said at once', async () => {
    await expect(createHome(homeOf({ MESH_HOME: '/proc/mesh-test' }, '/'))).rejects.toMatchObject({ code: 'environment' });
    await writeFile(join(folder, 'file'), '');
    await expect(createHome(homeOf({ MESH_HOME: 'file' }, folder))).rejects.toMatchObject({ code: 'environment' });
  });

  it('makes the short folder of a deep home, for its owner alone', async () => {
    const home = homeOf({ MESH_HOME: 'x'.repeat(120) }, folder);
    await createHome(home);
    const sockets = dirname(home.agentSocket);
    try {
      expect((await stat(sockets)).mode & 0o777).toBe(0o700);
    } finally {
      await rm(sockets, { recursive: true });
    }
  });

  it('loses everything that mesh has put there, and nothing else', async () => {
    const home = homeOf({ MESH_HOME: folder }, '/');
    await createHome(home);
    await writeFile(home.journalPath, 'x');
    await writeFile(home.recordPath, '{}');
    await mkdir(join(folder, 'mine'));
    removeState(home);
    expect(await readdir(folder)).toEqual(['mine']);
  });
});

describe('the record of an agent', () => {
  it('is absent when there is none, or when it is torn', async () => {
    const home = homeOf({ MESH_HOME: folder }, '/');
    expect(readAgentRecord(home)).toBeUndefined();
    await writeFile(home.recordPath, '{"pid":1,"ver');
    expect(readAgentRecord(home)).toBeUndefined();
  });

  it('is what the agent wrote', async () => {
    const home = homeOf({ MESH_HOME: folder }, '/');
    const record = { pid: 1, version: '1.2.3', http: '127.0.0.1:8500', permanent: false };
    await writeFile(home.recordPath, JSON.stringify(record));
    expect(readAgentRecord(home)).toEqual(record);
  });
});

import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { copyBlueprint, listBlueprints } from '../../../src/app/cli/blueprints.ts';
import { testIo } from '../../commands/io.ts';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'mesh-blueprints-'));
});
afterEach(() => rm(cwd, { recursive: true }));

const shipped = testIo().shippedBlueprints;
const copy = (...args: string[]) => {
  const io = testIo({ cwd });
  return copyBlueprint({ args, options: {} }, io).then((code) => ({ code, ...io.written }));
};
const tree = async (path: string) => (await readdir(path, { recursive: true })).toSorted();

describe('mesh blueprints', () => {
  it('lists what is shipped, with the heading of its README', async () => {
    const io = testIo();
    expect(await listBlueprints({ args: [], options: {} }, io)).toBe(0);
    expect(io.written.out).toMatch(
      /^NAME {2}BUILDS ON {2}WHAT IT IS\nv1 {4}- {10}\S.*\nv2 {4}- {10}\S.*\nv3 {4}v2 {9}\S.*\nv4 {4}v3 {9}\S.*\nv5 {4}v4 {9}\S.*\n$/,
    );
  });

  it('lists a blueprint without README, and no folder without a blueprint', async () => {
    const folder = join(cwd, 'shipped');
    await cp(join(shipped, 'v1'), join(folder, 'mine'), { recursive: true });
    await rm(join(folder, 'mine/README.md'));
    await mkdir(join(folder, 'empty'));
    const io = testIo({ shippedBlueprints: folder });
    await listBlueprints({ args: [], options: { json: true } }, io);
    expect(JSON.parse(io.written.out)).toEqual([{ name: 'mine', title: '', buildsOn: [], path: join(folder, 'mine') }]);
  });
});

describe('mesh blueprints copy', () => {
  it('makes the same files here, and says what to type next', async () => {
    expect(await copy('v2')).toEqual({ code: 0, out: 'Copied v2 to ./v2. Next: mesh run v2\n', err: '' });
    expect(await tree(join(cwd, 'v2'))).toEqual(await tree(join(shipped, 'v2')));
  });

  it('may use another folder, and makes those above it', async () => {
    expect(await copy('v1', 'a/b')).toMatchObject({ out: 'Copied v1 to ./a/b. Next: mesh run a/b\n' });
    expect(await tree(join(cwd, 'a/b'))).toEqual(await tree(join(shipped, 'v1')));
  });

  it('never writes over something: a folder, a file, a link that leads nowhere', async () => {
    await mkdir(join(cwd, 'v2'));
    await writeFile(join(cwd, 'v2/web.hcl'), 'mine');
    await writeFile(join(cwd, 'file'), 'mine');
    await symlink('nowhere', join(cwd, 'link'));
    for (const [folder, shown] of [
      ['v2', './v2'],
      ['file', './file'],
      ['link', './link'],
      ['.', './'],
    ] as const) {
      await expect(copy('v2', folder)).rejects.toMatchObject({ code: 'failed', message: `${shown} exists already; nothing was copied` });
    }
    expect(await readFile(join(cwd, 'v2/web.hcl'), 'utf8')).toBe('mine');
    expect(await tree(cwd)).toEqual(['file', 'link', 'v2', 'v2/web.hcl']);
  });

  it('does not follow a name out of the shipped folder', async () => {
    for (const name of ['../src', '/etc', '.', '']) await expect(copy(name, 'x')).rejects.toMatchObject({ code: 'failed' });
    expect(await tree(cwd)).toEqual([]);
  });

  it('names the nearest for one that is not shipped', async () => {
    await expect(copy('v22')).rejects.toMatchObject({ hint: 'did you mean "v2"?' });
    await expect(copy('something')).rejects.toMatchObject({ hint: 'there are: v1, v2, v3, v4, v5' });
  });
});

import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFeatures } from '../../../src/app/test/find-features.ts';
import { testIo } from '../../commands/io.ts';

let cwd: string;
const find = (args: string[], testFolder = 'test') => findFeatures({ args, testFolder, update: false }, testIo({ cwd }));
const names = async (args: string[], testFolder?: string) => (await find(args, testFolder)).map(({ source }) => source.name);

beforeAll(async () => {
  cwd = await realpath(await mkdtemp(join(tmpdir(), 'mesh-features-')));
  for (const file of [
    'shop/web.hcl',
    'shop/test/b.feature',
    'shop/test/a.feature',
    'shop/test/deep/c.feature',
    'shop/test/notes.md',
    'shop/checks/d.feature',
    'bare/web.hcl',
    'hollow/web.hcl',
    'hollow/test/x.md',
  ]) {
    await mkdir(join(cwd, dirname(file)), { recursive: true });
    await writeFile(join(cwd, file), `# ${file}`);
  }
});
afterAll(() => rm(cwd, { recursive: true }));

describe('findFeatures', () => {
  it('takes all of the test folder, in order', async () => {
    expect(await names(['shop'])).toEqual(['shop/test/a.feature', 'shop/test/b.feature', 'shop/test/deep/c.feature']);
    expect(await names(['shop/web.hcl'])).toHaveLength(3);
    expect((await find(['shop']))[2]!.target).toEqual({
      blueprint: join(cwd, 'shop'),
      folder: join(cwd, 'shop'),
      testFolder: join(cwd, 'shop/test/deep'),
    });
  });

  it('takes another folder, relative to the blueprint or anywhere', async () => {
    expect(await names(['shop'], 'checks')).toEqual(['shop/checks/d.feature']);
    expect(await names(['bare'], join(cwd, 'shop/checks'))).toEqual(['shop/checks/d.feature']);
  });

  it('takes files and lines of them, for the blueprint above their folder or the one that is named', async () => {
    const [one] = await find(['shop/test/a.feature:12:30']);
    expect(one).toMatchObject({ source: { name: 'shop/test/a.feature' }, lines: [12, 30], target: { folder: join(cwd, 'shop') } });
    const [other] = await find(['bare', 'shop/test/a.feature']);
    expect(other!.target).toMatchObject({ blueprint: join(cwd, 'bare'), testFolder: join(cwd, 'shop/test') });
    expect(other).not.toHaveProperty('lines');
  });

  it.each([
    [['bare'], 'there is no folder bare/test'],
    [['hollow'], 'there is no *.feature file in hollow/test'],
    [['shop/test/aa.feature'], 'there is no file shop/test/aa.feature'],
    [['nowhere'], 'there is no blueprint "nowhere"'],
    [['shop', 'bare'], 'one blueprint at a time, found shop and bare'],
  ])('refuses %j', async (args, message) => {
    await expect(find(args)).rejects.toThrow(message);
  });

  it('says what is near', async () => {
    await expect(find(['shop/test/aa.feature'])).rejects.toMatchObject({ hint: 'did you mean "a.feature"?' });
  });
});

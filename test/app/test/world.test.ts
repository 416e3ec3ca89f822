import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tearDown } from '../../../src/app/test/teardown.ts';
import { World } from '../../../src/app/test/world.ts';
import { testIo } from '../../commands/io.ts';

const settings = {
  given: { files: [], assignments: [] },
  update: false,
  purge: false,
  ports: 'auto',
  readyMs: 1000,
  stepMs: 1000,
} as const;
const target = { blueprint: '/shop', folder: '/shop', testFolder: '/shop/test' };
const env = {
  PATH: '/usr/bin:/bin',
  MESH_HOME: '/home/of/the/user',
  CONSUL_HTTP_ADDR: 'https://prod:8501',
  CONSUL_HTTP_TOKEN: 'secret',
  CONSUL_VERSION: '1.8',
};

let worlds: World[];
const world = async (more: object = {}): Promise<World> => {
  const made = await World.create({ io: testIo({ env }), settings: { ...settings, ...more }, target });
  worlds.push(made);
  return made;
};

beforeEach(() => {
  worlds = [];
});
afterEach(async () => {
  for (const made of worlds) await tearDown(made);
  expect(worlds.filter(({ home }) => existsSync(home.root))).toEqual([]);
});

describe('a world', () => {
  it('has a home of its own, and shares only what was fetched', async () => {
    const [one, two, purged] = [await world(), await world(), await world({ purge: true })];
    expect(new Set([one.home.root, two.home.root, '/home/of/the/user']).size).toBe(3);
    expect(one.home.blueprintsDir).toBe('/home/of/the/user/blueprints');
    expect(purged.home.blueprintsDir).toBe(join(purged.home.root, 'blueprints'));
  });

  it('has an environment of its own, that leads to no other Consul, with tools that lead here', async () => {
    const one = await world();
    one.setVariable('WHERE', 'here');
    const made = await one.environment();
    expect(made).toMatchObject({
      MESH_HOME: one.home.root,
      CONSUL_VERSION: '1.8',
      WHERE: 'here',
      PATH: expect.stringContaining(one.home.runDir),
    });
    expect(Object.keys(made).filter((name) => name.startsWith('CONSUL_HTTP'))).toEqual([]);
    expect(readFileSync(join(one.home.runDir, 'bin/consul'), 'utf8')).toMatch(/^#!\/bin\/sh\nexec false consul "\$@"\n$/);
    expect(await (await world()).environment()).not.toHaveProperty('WHERE');
  });

  it('keeps what its commands print for the case that they fail', async () => {
    const one = await world();
    const work = (exit: number) =>
      one.own('trying', async (io) => {
        io.out('said\n');
        io.err('complained\n');
        return exit;
      });
    await expect(work(0)).resolves.toBe('said\ncomplained');
    await expect(work(1)).rejects.toMatchObject({ failure: { message: 'trying failed', details: ['said', 'complained'] } });
    expect(one.takePrinted()).toBe('');
  });

  it('says that nothing runs in it yet', async () => {
    await expect((await world()).status()).rejects.toMatchObject({
      failure: { message: 'nothing runs yet', hint: expect.stringContaining('I have a running blueprint') },
    });
  });

  it('goes with all that it holds, wherever temporary files are', async () => {
    const base = await realpath(await mkdtemp(join(tmpdir(), 'mesh-world-')));
    const before = process.env['TMPDIR'];
    process.env['TMPDIR'] = base;
    try {
      const one = await world();
      expect(one.home.root.startsWith(base)).toBe(true);
      expect(await tearDown(one)).toBeUndefined();
      expect(existsSync(one.home.root)).toBe(false);
    } finally {
      if (before === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = before;
      await rm(base, { recursive: true });
    }
  });
});

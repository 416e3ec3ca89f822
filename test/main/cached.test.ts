import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const loader = join(import.meta.dirname, '../../dist/cached.cjs');

let folder: string;
let bundle: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mesh-cached-'));
  bundle = join(folder, 'program.bundle.cjs');
  writeFileSync(bundle, 'const { basename } = require("node:path"); console.log("one", basename(__filename), process.argv[2] ?? "");\n');
});
afterEach(() => rmSync(folder, { recursive: true }));

const caches = join('cache', 'mesh');
const kept = (): string[] => {
  try {
    return readdirSync(join(folder, caches));
  } catch {
    return [];
  }
};

function run(env: Record<string, string> = {}): string {
  const start = join(folder, 'program.cjs');
  writeFileSync(start, `require(${JSON.stringify(loader)}).load(${JSON.stringify(bundle)});\n`);
  return execFileSync(process.execPath, [start, 'word'], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], XDG_CACHE_HOME: join(folder, 'cache'), ...env },
  });
}

const SAYS = 'one program.bundle.cjs word\n';

describe('a bundle', () => {
  it('runs as Node would run it, and its code is kept for the next time, for the owner alone', () => {
    expect(run()).toBe(SAYS);
    const [name] = kept();
    expect(kept()).toHaveLength(1);
    expect(statSync(join(folder, caches)).mode & 0o777).toBe(0o700);
    const file = join(folder, caches, name!);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const { mtimeMs } = statSync(file);
    expect(run()).toBe(SAYS);
    expect(kept()).toEqual([name]);
    expect(statSync(file).mtimeMs).toBe(mtimeMs);
  });

  it('that has changed is compiled anew, and what was kept of the old one goes', () => {
    run();
    const before = kept();
    writeFileSync(bundle, readFileSync(bundle, 'utf8').replace('one', 'another'));
    expect(run()).toBe(SAYS.replace('one', 'another'));
    expect(kept()).toHaveLength(1);
    expect(kept()).not.toEqual(before);
  });

  it('runs all the same when what was kept is damaged', () => {
    run();
    const file = join(folder, caches, kept()[0]!);
    for (const damage of [Buffer.alloc(0), Buffer.from('nonsense'), readFileSync(file).subarray(0, 100)]) {
      writeFileSync(file, damage);
      expect(run()).toBe(SAYS);
    }
  });

  it('runs nothing that somebody else could have written, and keeps nothing there', () => {
    mkdirSync(join(folder, caches), { recursive: true });
    chmodSync(join(folder, caches), 0o777);
    expect(run()).toBe(SAYS);
    expect(kept()).toEqual([]);
  });

  it('is not kept where that is not wanted, or there is no place', () => {
    expect(run({ MESH_CODE_CACHE: 'off' })).toBe(SAYS);
    expect(run({ XDG_CACHE_HOME: '', HOME: '' })).toBe(SAYS);
    expect(run({ XDG_CACHE_HOME: '/proc/nowhere' })).toBe(SAYS);
    expect(kept()).toEqual([]);
  });
});

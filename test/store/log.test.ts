import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MeshError } from '../../src/base/errors.ts';
import { openLog } from '../../src/store/log.ts';
import { encodeHeader, encodeRecord, VERSION } from '../../src/store/record.ts';

interface Entry {
  n: number;
  text?: string;
}

let dir: string;
let path: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'mesh-log-'));
  path = join(dir, 'state.log');
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const entries = (count: number): Entry[] => Array.from({ length: count }, (_, n) => ({ n, text: `line\nbreak “${n}”` }));

async function writeEntries(list: readonly Entry[]): Promise<Buffer> {
  const log = await openLog<Entry>(path, { sync: false });
  for (const entry of list) await log.append(entry);
  await log.close();
  return readFile(path);
}

async function reopen(): Promise<{ records: readonly Entry[]; damaged: boolean; keptAt?: string }> {
  const log = await openLog<Entry>(path, { sync: false });
  await log.close();
  return { records: log.records, damaged: log.damage !== undefined, ...(log.damage ? { keptAt: log.damage.keptAt } : {}) };
}

describe('openLog', () => {
  it('gives back what was appended, in order, and is private to its owner', async () => {
    const log = await openLog<Entry>(path, { sync: true });
    expect(log.records).toEqual([]);
    for (const entry of entries(5)) await log.append(entry);
    await log.close();
    expect((await reopen()).records).toEqual(entries(5));
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('has a record on the disk when append resolves', async () => {
    await using log = await openLog<Entry>(path, { sync: true });
    await log.append({ n: 1 });
    expect(await readFile(path)).toEqual(Buffer.concat([encodeHeader(), encodeRecord({ n: 1 })]));
  });

  it('keeps the order of concurrent appends and lets them share flushes', async () => {
    const log = await openLog<Entry>(path, { sync: true });
    await Promise.all(entries(300).map((entry) => log.append(entry)));
    expect(log.size).toBe((await stat(path)).size);
    await log.close();
    expect((await reopen()).records).toEqual(entries(300));
  });

  it('lets go of what was in the file, and keeps the file', async () => {
    await writeEntries(entries(3));
    const log = await openLog<Entry>(path, { sync: true });
    log.forget();
    expect(log.records).toEqual([]);
    await log.append({ n: 3 });
    await log.close();
    expect((await reopen()).records.map(({ n }) => n)).toEqual([0, 1, 2, 3]);
  });

  it('replaces everything by rewrite, and goes on appending behind it', async () => {
    const log = await openLog<Entry>(path, { sync: true });
    const appended = entries(20).map((entry) => log.append(entry));
    const rewritten = log.rewrite([{ n: 100 }]);
    const after = log.append({ n: 101 });
    await Promise.all([...appended, rewritten, after]);
    await log.close();
    expect((await reopen()).records).toEqual([{ n: 100 }, { n: 101 }]);
    expect(await readdir(dir)).toEqual(['state.log', 'state.log.mark']);
  });

  it('finishes what was begun before it closes, and refuses what comes after', async () => {
    const log = await openLog<Entry>(path, { sync: false });
    const pending = log.append({ n: 1 });
    await Promise.all([pending, log.close(), log.close()]);
    await expect(log.append({ n: 2 })).rejects.toThrow('closed');
    expect((await reopen()).records).toEqual([{ n: 1 }]);
  });

  it('refuses a file of a newer format and leaves it alone', async () => {
    const bytes = Buffer.concat([encodeHeader(VERSION + 1), Buffer.from('whatever\n')]);
    await writeFile(path, bytes);
    await expect(openLog(path, { sync: false })).rejects.toThrow('newer version of mesh');
    expect(await readFile(path)).toEqual(bytes);
  });

  it('says which folder is missing', async () => {
    const missing = join(dir, 'nope', 'state.log');
    await expect(openLog(missing, { sync: false })).rejects.toThrow(`can't read ${missing}: no such folder`);
  });
});

describe('a file of an earlier format', () => {
  it('is read, and written anew before anything is added, so that the earlier program leaves it alone', async () => {
    await writeFile(path, Buffer.concat([encodeHeader(1), encodeRecord({ n: 1 })]));
    const log = await openLog<Entry>(path, { sync: false });
    expect([log.records, log.damage]).toEqual([[{ n: 1 }], undefined]);
    await log.append({ n: 2 });
    await log.close();
    expect(await readFile(path)).toEqual(Buffer.concat([encodeHeader(), encodeRecord({ n: 1 }), encodeRecord({ n: 2 })]));
  });
});

describe('a write that never finished', () => {
  it('leaves what was acknowledged, and is no damage', async () => {
    const list = entries(4);
    const whole = await writeEntries(list);
    const acknowledged = whole.length - encodeRecord(list[3]).length;
    // The program was killed, and had no chance to say how far it was.
    await rm(`${path}.mark`);
    for (let length = acknowledged; length < whole.length; length += 5) {
      await writeFile(path, whole.subarray(0, length));
      await rm(`${path}.mark`, { force: true });
      const log = await openLog<Entry>(path, { sync: false });
      expect([log.damage, log.records.slice(0, 3)], `cut at ${length}`).toEqual([undefined, list.slice(0, 3)]);
      await log.append({ n: 99 });
      await log.close();
      expect((await reopen()).records).toEqual([...log.records, { n: 99 }]);
    }
  });
});

describe('a file that lost its end', () => {
  it.each([
    ['is cut off', (whole: Buffer, length: number) => whole.subarray(0, length)],
    ['is zeroes', (whole: Buffer, length: number) => Buffer.concat([whole.subarray(0, length), Buffer.alloc(whole.length - length)])],
  ])('which %s: what is left comes back, the loss is reported, the original is kept', async (_what, damage) => {
    const list = entries(4);
    const whole = await writeEntries(list);
    const mark = await readFile(`${path}.mark`);
    for (let length = 0; length < whole.length; length += 23) {
      const damaged = damage(whole, length);
      await writeFile(path, damaged);
      await writeFile(`${path}.mark`, mark);
      const first = await reopen();
      expect(first.damaged, `cut at ${length}`).toBe(true);
      expect(first.records, `cut at ${length}`).toEqual(list.slice(0, first.records.length));
      expect(await readFile(first.keptAt!)).toEqual(damaged);
      // Said once.
      expect(await reopen()).toEqual({ records: first.records, damaged: false });
      await rm(first.keptAt!);
    }
  });

  it('or all of it, is reported', async () => {
    await writeEntries(entries(2));
    await rm(path);
    const log = await openLog<Entry>(path, { sync: false });
    expect([log.records, log.damage?.message, log.damage?.keptAt]).toEqual([
      [],
      expect.stringMatching(/state\.log is gone: \d+ bytes are lost$/),
      undefined,
    ]);
    await log.close();
    expect((await reopen()).damaged).toBe(false);
  });

  it('is known of a log that was never closed, up to the last quarter of a mebibyte', async () => {
    const log = await openLog<Entry>(path, { sync: false });
    for (let n = 0; n < 4; n++) await log.append({ n, text: 'x'.repeat(100_000) });
    const whole = await readFile(path);
    await writeFile(path, whole.subarray(0, 150_000));
    const again = await reopen();
    expect([again.damaged, again.records.length]).toEqual([true, 1]);
    await log.close();
  });

  it('is not thought of a log that was written anew and is shorter', async () => {
    const log = await openLog<Entry>(path, { sync: false });
    for (const entry of entries(20)) await log.append(entry);
    await log.rewrite(entries(1));
    await log.close();
    expect(await reopen()).toEqual({ records: entries(1), damaged: false });
  });
});

describe('zeroes in the middle', () => {
  it('cost the records that they hit, are reported, and the original is kept', async () => {
    const list = entries(8);
    const whole = await writeEntries(list);
    const mark = await readFile(`${path}.mark`);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: whole.length - 2 }), fc.integer({ min: 1, max: 120 }), async (at, length) => {
        const zeroed = Buffer.from(whole).fill(0, at, Math.min(whole.length, at + length));
        await writeFile(path, zeroed);
        await writeFile(`${path}.mark`, mark);
        const first = await reopen();
        expect(first.damaged).toBe(true);
        expect(await readFile(first.keptAt!)).toEqual(zeroed);
        expect(list).toEqual(expect.arrayContaining([...first.records]));
        expect(first.records.length).toBeGreaterThanOrEqual(list.length - 2 - Math.ceil(length / 40));
        expect(await reopen()).toEqual({ records: first.records, damaged: false });
      }),
      { numRuns: 30 },
    );
  });
});

describe('a flipped bit', () => {
  it('costs at most the record it hit, is reported, and the original is kept', async () => {
    const list = entries(6);
    const whole = await writeEntries(list);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: whole.length - 1 }), fc.integer({ min: 0, max: 7 }), async (at, bit) => {
        const flipped = Buffer.from(whole);
        flipped[at]! ^= 1 << bit;
        await writeFile(path, flipped);
        const first = await reopen();
        expect(first.damaged).toBe(true);
        expect(await readFile(first.keptAt!)).toEqual(flipped);
        expect(first.records.length).toBeGreaterThanOrEqual(list.length - 2);
        expect(list).toEqual(expect.arrayContaining([...first.records]));
        expect(await reopen()).toEqual({ records: first.records, damaged: false });
      }),
      { numRuns: 150 },
    );
  });

  it('never overwrites what an earlier damage left', async () => {
    const whole = await writeEntries(entries(2));
    const first = Buffer.from(whole);
    first[40]! ^= 1;
    await writeFile(path, first);
    await reopen();
    const second = Buffer.from(whole);
    second[41]! ^= 1;
    await writeFile(path, second);
    await reopen();
    expect(await readFile(`${path}.damaged-1`)).toEqual(first);
    expect(await readFile(`${path}.damaged-2`)).toEqual(second);
  });
});

describe('a full disk', () => {
  it('rejects with the name of the file, keeps what was acknowledged, and goes on when there is room', async () => {
    const source = `
      import { openLog } from ${JSON.stringify(resolve(import.meta.dirname, '../../src/store/log.ts'))};
      const log = await openLog(${JSON.stringify(path)}, { sync: true });
      await log.append({ n: 0 });
      const failed = await log.append({ n: 1, text: 'x'.repeat(64 * 1024) }).catch((error) => error);
      const rewrite = await log.rewrite([{ n: 1, text: 'x'.repeat(64 * 1024) }]).catch((error) => error);
      await log.append({ n: 2 });
      await log.close();
      console.log(JSON.stringify({ code: failed.code, message: failed.message, hint: failed.hint, rewrite: rewrite.message }));`;
    const script = join(dir, 'child.ts');
    const bundle = join(dir, 'child.mjs');
    await writeFile(script, source);
    const { build } = await import('esbuild');
    await build({ entryPoints: [script], outfile: bundle, bundle: true, platform: 'node', format: 'esm' });
    // One block is 512 or 1024 bytes, depending on the shell: both are below what the child tries to write.
    const { stdout } = await promisify(execFile)('sh', ['-c', `ulimit -f 32; exec "${process.execPath}" "${bundle}"`]);
    expect(JSON.parse(stdout)).toEqual({
      code: 'environment',
      message: `can't write ${path}: the file would be larger than allowed (ulimit -f)`,
      hint: 'raise the limit and try again',
      rewrite: `can't write ${path}: the file would be larger than allowed (ulimit -f)`,
    });
    expect(await reopen()).toEqual({ records: [{ n: 0 }, { n: 2 }], damaged: false });
    expect((await readdir(dir)).filter((name) => name.startsWith('state'))).toEqual(['state.log', 'state.log.mark']);
  });

  it('is an environment error that main can show without a stack', async () => {
    await writeFile(path, 'x');
    await chmod(path, 0o600);
    const error = await openLog(join(path, 'below-a-file'), { sync: false }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(MeshError);
    expect((error as MeshError).code).toBe('environment');
  });
});

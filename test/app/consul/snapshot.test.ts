import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runConsul } from '../../../src/app/consul/top.ts';
import { testIo } from '../../commands/io.ts';
import { openTestApi, type TestApi } from '../../control/http/api.ts';

/** Made by a real Consul 1.8.7. */
const REAL = join(import.meta.dirname, '../../golden/consul-cli/consul-1.8.7.snap');

let api: TestApi;
let cwd: string;
beforeAll(async () => {
  api = await openTestApi();
  cwd = await mkdtemp(join(tmpdir(), 'mesh-snapshot-'));
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
  await rm(cwd, { recursive: true });
});

async function run(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const io = testIo({ cwd, env: { CONSUL_HTTP_ADDR: api.address } });
  const code = await runConsul(['snapshot', ...argv], io, 'mesh');
  return { code, ...io.written };
}

describe('of a real Consul', () => {
  it('is shown', async () => {
    expect(await run('inspect', '-kvdetails', REAL)).toEqual({
      code: 0,
      out: ` ID           2-13-1795940035679
 Size         3224
 Index        13
 Term         2
 Version      1

 Type                 Count      Size
 ----                 ----       ----
 Register             4          2.3KB
 KVS                  3          237B
 Index                9          220B
 Autopilot            1          199B
 FederationState      1          139B
 Tombstone            1          79B
 ChunkingState        1          12B
 ----                 ----       ----
 Total                           3.1KB

 Key Name        Count      Size
 ----            ----       ----
 web/limit       1          85B
 vault/core      1          80B
 bin             1          72B
 ----            ----       ----
 Total                      237B
`,
      err: '',
    });
  });

  it.each([
    [['-kvdepth=1'], ['web', 'vault', 'bin']],
    [['-kvfilter=vault/'], ['vault/core']],
  ])('%j: by prefix', async (flags, names) => {
    const { out } = await run('inspect', '-kvdetails', '-format=json', ...flags, REAL);
    expect((JSON.parse(out) as { StatsKV: { Name: string }[] }).StatsKV.map(({ Name }) => Name)).toEqual(names);
  });

  it('is decoded: flags of 64 bits and bytes that are no text included', async () => {
    const { code, out, err } = await run('decode', REAL);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { Type: string; Data: Record<string, unknown> });
    expect(lines).toHaveLength(21);
    expect(lines[0]).toMatchObject({ Type: 'SnapshotHeader', Data: { Index: 13 } });
    expect(lines.filter(({ Type }) => Type === 'KVS').map(({ Data }) => [Data['Key'], Data['Value'], String(Data['Flags'])])).toEqual([
      ['bin', '//4=', '0'],
      ['vault/core/a', 'MQ==', '0'],
      ['web/limit', 'NQ==', '18446744073709551615'],
    ]);
  });
});

describe('of our own agent', () => {
  it('is saved, shown, and puts back what was changed meanwhile', async () => {
    await api.call('/v1/kv/a', { method: 'PUT', body: 'before' });
    const saved = await run('save', 'own.snap');
    expect(saved).toMatchObject({ code: 0, err: '' });
    expect(saved.out).toMatch(/^Saved and verified snapshot to index \d+\n$/);
    expect((await stat(join(cwd, 'own.snap'))).mode & 0o777).toBe(0o600);
    expect(await readdir(cwd)).toEqual(['own.snap']);
    expect((await run('inspect', '-kvdetails', 'own.snap')).out).toMatch(/\n a {2,}1 {2,}\d+B\n/);
    expect((await run('decode', 'own.snap')).out).toContain('"Type":"kv"');
    await api.call('/v1/kv/a', { method: 'PUT', body: 'after' });
    await api.call('/v1/kv/b', { method: 'PUT', body: 'after' });
    expect(await run('restore', 'own.snap')).toEqual({ code: 0, out: 'Restored snapshot\n', err: '' });
    expect((await api.call('/v1/kv/a?raw')).text).toBe('before');
    expect((await api.call('/v1/kv/b')).status).toBe(404);
  });
});

describe('what is damaged', () => {
  const reading = 'Error reading snapshot: ';
  it.each([
    ['empty', () => Buffer.alloc(0), 'failed to decompress snapshot: EOF'],
    ['no archive', () => Buffer.from('text'), 'failed to decompress snapshot: gzip: invalid header'],
    ['cut', (bytes: Buffer) => bytes.subarray(0, 200), 'failed to read snapshot file: failed to read snapshot metadata: unexpected EOF'],
    [
      'changed',
      (bytes: Buffer) => {
        const tar = gunzipSync(bytes);
        const at = tar.indexOf('web/limit');
        tar[at] = 0x57;
        return gzipSync(tar);
      },
      'failed to read snapshot file: failed checking integrity of snapshot: hash check failed for "state.bin"',
    ],
  ])('%s', async (_, damage, err) => {
    await writeFile(join(cwd, 'damaged.snap'), damage(await readFile(REAL)));
    for (const command of ['inspect', 'decode'])
      expect(await run(command, 'damaged.snap')).toEqual({ code: 1, out: '', err: `${reading}${err}\n` });
  });
});

import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '../../src/base/ports.ts';
import { openControlPlane } from '../../src/control/plane.ts';
import { random, realClock } from './harness.ts';
import { buildChild, startChild } from './torture/process.ts';

let dir: string;
let bundle: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'mesh-durable-'));
  bundle = await buildChild(dir);
});
afterAll(() => rm(dir, { recursive: true, force: true }));

describe('a disk that is full', () => {
  it('refuses writes with what is wrong, serves reads, and takes writes again that there is room for', async () => {
    const state = join(dir, 'full');
    // 64 KiB for a file.
    await using agent = await startChild(bundle, state, 'ulimit -f 128;');
    const { client } = agent;
    const put = (key: string, size: number) => client.send('PUT', `/v1/kv/${key}`, 'x'.repeat(size));
    expect(await put('before', 10)).toEqual({ status: 200, text: 'true' });
    const log = join(state, 'registry.log');
    expect(await put('huge', 100_000)).toEqual({
      status: 500,
      text: `can't write ${log}: the file would be larger than allowed (ulimit -f)`,
    });
    expect((await client.send('GET', '/v1/kv/huge')).status).toBe(404);
    expect((await client.send('GET', '/v1/kv/before?raw')).text).toBe('x'.repeat(10));
    expect(await put('after', 10)).toEqual({ status: 200, text: 'true' });
  });
});

describe('files that are damaged', () => {
  it('are put aside, which the log tells, and what is left of them is served', async () => {
    const state = join(dir, 'damaged');
    {
      await using agent = await startChild(bundle, state);
      for (const key of ['a', 'b', 'c']) await agent.client.send('PUT', `/v1/kv/${key}`, `value of ${key}`);
      await agent.client.send('PUT', '/v1/connect/ca/configuration', { Provider: 'consul', Config: { LeafCertTTL: '5h' } });
    }
    const path = join(state, 'registry.log');
    const whole = await readFile(path);
    const flipped = Buffer.from(whole);
    flipped[whole.indexOf(Buffer.from('value of b').toString('base64'))]! ^= 1;
    await writeFile(path, flipped);
    await using agent = await startChild(bundle, state);
    const found = async (key: string) => (await agent.client.send('GET', `/v1/kv/${key}?raw`)).text;
    expect([await found('a'), await found('b'), await found('c')]).toEqual(['value of a', '', 'value of c']);
    expect((await agent.client.send('GET', '/v1/connect/ca/configuration')).text).toContain('"LeafCertTTL":"5h"');
    expect(agent.errors).toContain(`${path} is damaged: `);
    expect(agent.errors).toContain(`the original is kept as ${path}.damaged-1`);
    expect(await readFile(`${path}.damaged-1`)).toEqual(flipped);
  });

  it('of a newer program are left alone', async () => {
    const state = join(dir, 'newer');
    {
      await using _ = await startChild(bundle, state);
    }
    const path = join(state, 'registry.log');
    const { crc32 } = await import('node:zlib');
    const newer = `mesh-log 99 ${crc32('mesh-log 99').toString(16).padStart(8, '0')}\nsomething else\n`;
    await writeFile(path, newer);
    await expect(startChild(bundle, state)).rejects.toThrow('was written by a newer version of mesh (log format 99)');
    expect(await readFile(path, 'utf8')).toBe(newer);
  });
});

it('writes nothing when it keeps its state in memory', async () => {
  const nowhere = join(dir, 'nowhere');
  const options = { dir: nowhere, durable: true, storage: 'memory', datacenter: 'dc1', nodeName: 'local' } as const;
  await using plane = await openControlPlane({ ...options, clock: realClock, random, log: silentLog });
  const entry = { Kind: 'service-defaults', Name: 'web', Protocol: 'http' } as never;
  expect((await plane.commit([{ type: 'put-entry', dc: 'dc1', entry }])).applied).toBe(true);
  expect(plane.roots()).toHaveLength(1);
  expect(existsSync(nowhere)).toBe(false);
});

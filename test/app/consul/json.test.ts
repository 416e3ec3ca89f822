import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runConsul } from '../../../src/app/consul/top.ts';
import { testIo } from '../../commands/io.ts';
import { openTestApi, type TestApi } from '../../control/http/api.ts';
import { splitWords } from './real/words.ts';

/** Beyond Consul: what its commands print for people, as JSON for programs. */
let api: TestApi;
let cwd: string;
beforeAll(async () => {
  api = await openTestApi({ nodeName: 'n1' });
  cwd = await mkdtemp(join(tmpdir(), 'mesh-json-'));
  await writeFile(join(cwd, 'web.hcl'), 'Kind = "service-defaults"\nName = "web"\nProtocol = "http"');
  const node = { Node: 'n1', Address: '10.0.0.1', Service: { Service: 'web', Tags: ['v1'], Port: 80 } };
  await api.call('/v1/catalog/register', { method: 'PUT', body: node });
  await run('kv put -flags 18446744073709551615 a/b text');
  await run('config write web.hcl');
  await run('intention create -deny web db');
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
  await rm(cwd, { recursive: true });
});

async function run(line: string): Promise<{ code: number; out: string; err: string }> {
  const io = testIo({ cwd, env: { CONSUL_HTTP_ADDR: api.address } });
  const code = await runConsul(splitWords(line), io, 'mesh');
  return { code, ...io.written };
}

describe('--json', () => {
  it.each([
    ['catalog datacenters J', ['dc1'], 0],
    ['catalog services J', { web: ['v1'] }, 0],
    ['catalog nodes J -service web', [{ Node: 'n1', Address: '10.0.0.1' }], 0],
    ['kv get J a/b', { Key: 'a/b', Value: 'dGV4dA==' }, 0],
    ['kv get J -recurse a/', [{ Key: 'a/b' }], 0],
    ['kv get J -keys a/', ['a/b'], 0],
    ['kv get J -recurse none/', [], 0],
    ['config list J -kind service-defaults', [{ Kind: 'service-defaults', Name: 'web', Protocol: 'http' }], 0],
    ['intention get J web db', { SourceName: 'web', DestinationName: 'db', Action: 'deny' }, 0],
    ['intention list J', [{ SourceName: 'web', DestinationName: 'db' }], 0],
    ['intention match J db', [{ SourceName: 'web' }], 0],
    ['intention check J web db', { Allowed: false }, 1],
    ['intention check J api db', { Allowed: true }, 0],
  ])('%s', async (line, expected, code) => {
    for (const flag of ['--json', '-format=json']) {
      const ran = await run(line.replace('J', flag));
      expect({ code: ran.code, err: ran.err }).toEqual({ code, err: '' });
      expect(JSON.parse(ran.out)).toMatchObject(expected);
    }
  });

  it('writes flags of 64 bits as the numbers that they are', async () => {
    expect((await run('kv get -json a/b')).out).toContain('"Flags": 18446744073709551615,');
  });

  it('is the format or none', async () => {
    const err = 'Invalid format, valid formats are {pretty|json}\n';
    expect(await run('catalog nodes -format=xml')).toEqual({ code: 1, out: '', err });
  });
});

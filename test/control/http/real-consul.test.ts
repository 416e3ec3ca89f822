import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generateKey, keyToPem } from '../../../src/pki/key.ts';
import { findConsul } from '../../app/consul/real/consul.ts';
import { freePorts } from '../../free-ports.ts';
import { openTestApi, type TestApi } from './api.ts';

/** HashiCorp's own program. Its answers here are what it said to its own server (test/fixtures), where that was captured. */
const consul = findConsul() ?? '';
const version = consul === '' ? undefined : /^Consul v(\S+)/.exec(spawnSync(consul, ['version'], { encoding: 'utf8' }).stdout)?.[1];
const title = `a real consul, ${version ?? 'skipped: none on PATH, nor in CONSUL_BIN'}`;

describe.skipIf(version === undefined)(title, () => {
  let api: TestApi;
  let dir: string;
  beforeEach(async () => {
    [api, dir] = await Promise.all([openTestApi(), mkdtemp(join(tmpdir(), 'mesh-consul-'))]);
  });
  afterEach(async () => {
    await api[Symbol.asyncDispose]();
    await rm(dir, { recursive: true, force: true });
  });

  async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
    const env = { PATH: process.env['PATH'], HOME: dir, CONSUL_HTTP_ADDR: api.address };
    try {
      const { stdout, stderr } = await promisify(execFile)(consul, args, { env, cwd: dir });
      return { code: 0, out: stdout, err: stderr };
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { code, out: stdout, err: stderr };
    }
  }
  const ok = (out: string) => ({ code: 0, out, err: '' });

  it('creates, replaces, reads, checks and deletes intentions', async () => {
    expect(await run('intention', 'create', '-meta', 'a=b', 'web', 'db')).toEqual(ok('Created: web => db (allow)\n'));
    const [made] = (await api.call('/v1/connect/intentions')).json as { ID: string }[];
    const id = made!.ID;
    const twin = `duplicate intention found: ALLOW default/web => default/db (ID: ${id}, Precedence: 9)`;
    expect((await run('intention', 'create', '-deny', 'web', 'db')).err).toBe(
      `Error creating intention "web => db (deny)": Unexpected response code: 500 (${twin})\n`,
    );
    expect(await run('intention', 'create', '-replace', '-deny', 'web', 'db')).toEqual(ok(''));
    expect(await run('intention', 'create', '-deny', '*', 'db')).toEqual(ok('Created: * => db (deny)\n'));
    expect(await run('intention', 'match', 'db')).toEqual(ok('web => db (deny)\n* => db (deny)\n'));
    expect(await run('intention', 'check', 'web', 'db')).toEqual({ code: 1, out: 'Denied\n', err: '' });
    const shown = await run('intention', 'get', 'web', 'db');
    expect(shown.out).toMatch(/^Source: {7}web\nDestination: {2}db\nAction: {7}deny\nID: {11}[0-9a-f-]{36}\nCreated At: {3}\w+day, /);
    expect(await run('intention', 'get', id)).toEqual(shown);
    expect((await run('intention', 'get', '1234')).err).toBe(
      'Error reading the intention: Unexpected response 400: failed intention lookup: index error: UUID must be 36 characters\n',
    );
    expect(await run('intention', 'delete', 'web', 'db')).toEqual(ok('Intention deleted.\n'));
    expect(await run('intention', 'delete', '*', 'db')).toEqual(ok('Intention deleted.\n'));
    expect((await api.call('/v1/connect/intentions')).json).toEqual([]);
  });

  it('reads and sets the configuration of the CA', async () => {
    const file = join(dir, 'ca.json');
    const set = async (config: object) => {
      await writeFile(file, JSON.stringify({ Provider: 'consul', Config: config }));
      return run('connect', 'ca', 'set-config', '-config-file', file);
    };
    expect(await set({ LeafCertTTL: '24h', PrivateKey: keyToPem(generateKey()) })).toEqual(ok('Configuration updated!\n'));
    const shown = await run('connect', 'ca', 'get-config');
    expect(JSON.parse(shown.out)).toMatchObject({ Provider: 'consul', Config: { LeafCertTTL: '24h', PrivateKey: 'hidden' } });
    // What was read can be written again.
    const roots = (await api.call('/v1/connect/ca/roots')).text;
    await writeFile(file, shown.out);
    expect(await run('connect', 'ca', 'set-config', '-config-file', file)).toEqual(ok('Configuration updated!\n'));
    expect((await api.call('/v1/connect/ca/roots')).text).toBe(roots);
    expect((await set({ LeafCertTTL: '1m' })).err).toBe(
      'Error setting CA configuration: Unexpected response code: 500 (error configuring provider: leaf cert TTL must be greater or equal than 1h0m0s)\n',
    );
  });

  it('carries traffic with its own sidecars while the CA has one new root after the other', async () => {
    const app = createServer((_request, response) => response.end('paid')).listen(0, '127.0.0.1');
    await once(app, 'listening');
    const [inbound, upstream] = await freePorts(2);
    const at = `127.0.0.1:${(app.address() as AddressInfo).port}`;
    const children: ChildProcess[] = [];
    const proxy = (...args: string[]): void => {
      const env = { PATH: process.env['PATH'], CONSUL_HTTP_ADDR: api.address };
      children.push(spawn(consul, ['connect', 'proxy', ...args], { env, stdio: 'ignore' }));
    };
    const call = (): Promise<string> =>
      new Promise((resolve) => {
        get({ host: '127.0.0.1', port: upstream, agent: false }, (response) => {
          response.resume();
          response.on('end', () => resolve(String(response.statusCode)));
        }).on('error', (error) => resolve(error.message));
      });
    try {
      proxy('-service', 'payments', '-service-addr', at, '-listen', `127.0.0.1:${inbound}`, '-register');
      proxy('-service', 'web', '-upstream', `payments:${upstream}`);
      await expect.poll(call, { timeout: 15_000 }).toBe('200');
      const outcomes: string[] = [];
      for (let rotation = 0; rotation < 3; rotation++) {
        const body = { Provider: 'consul', Config: { PrivateKey: keyToPem(generateKey()) } };
        expect((await api.call('/v1/connect/ca/configuration', { method: 'PUT', body })).status).toBe(200);
        for (let i = 0; i < 10; i++) outcomes.push(await call());
      }
      expect(new Set(outcomes)).toEqual(new Set(['200']));
      await run('intention', 'create', '-deny', 'web', 'payments');
      expect(await call()).not.toBe('200');
    } finally {
      for (const child of children) child.kill('SIGKILL');
      await Promise.all(children.map(ended));
      app.closeAllConnections();
      app.close();
    }
  });
});

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

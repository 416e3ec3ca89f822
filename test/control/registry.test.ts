import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Log, silentLog } from '../../src/base/ports.ts';
import { entry, serviceInstances } from '../../src/catalog/queries.ts';
import { snapshotToJson } from '../../src/catalog/snapshot.ts';
import type { Op } from '../../src/catalog/types.ts';
import { type Change, openRegistry, type Registry, WriteRefused } from '../../src/control/registry.ts';
import { diskStorage } from '../../src/store/storage.ts';
import { webAndPayments } from './harness.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'mesh-registry-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const open = (onChange: (change: Change) => void = () => undefined, log: Log = silentLog): Promise<Registry> =>
  openRegistry({ storage: diskStorage(dir, { sync: true }), datacenter: 'dc1', log, clock: Date, onChange });

const defaults = (name: string, protocol: string): Op => ({
  type: 'put-entry',
  dc: 'dc1',
  entry: { Kind: 'service-defaults', Name: name, Protocol: protocol } as never,
});
const protocolOf = (registry: Registry, name: string): unknown =>
  (entry(registry.snapshot.value, 'dc1', 'service-defaults', name).value as { Protocol?: string } | undefined)?.Protocol;

describe('commit', () => {
  it('survives a restart with the same rows and indexes', async () => {
    const first = await open();
    await first.commit(webAndPayments);
    await first.commit([defaults('payments', 'http')]);
    const before = snapshotToJson(first.snapshot.value);
    await first[Symbol.asyncDispose]();

    await using second = await open();
    expect(snapshotToJson(second.snapshot.value)).toEqual(before);
    expect(serviceInstances(second.snapshot.value, 'dc1', 'payments').value).toHaveLength(1);
  });

  it('has the write on the disk before it resolves, and shows it only then', async () => {
    await using registry = await open();
    const committed = registry.commit([defaults('web', 'http')]);
    expect(protocolOf(registry, 'web')).toBeUndefined();
    expect(await committed).toEqual({ index: 1, applied: true, outcomes: [undefined] });
    expect(protocolOf(registry, 'web')).toBe('http');
    expect(await readFile(join(dir, 'registry.log'), 'utf8')).toContain('"Name":"web"');
  });

  it('is told of while it is on its way to the disk, whatever becomes of that', async () => {
    const told: string[] = [];
    const seen = (what: string) => (change: Change) => {
      told.push(`${what} ${change.after.index}, readers see ${registry.snapshot.value.index}`);
      throw new Error('not ready for it');
    };
    await using registry = await openRegistry({
      storage: diskStorage(dir, { sync: true }),
      datacenter: 'dc1',
      log: silentLog,
      clock: Date,
      onTentative: seen('tentative'),
      onChange: seen('made'),
    });
    await registry.commit([defaults('web', 'http')]);
    await registry.commit([defaults('web', 'http')]);
    expect(told).toEqual(['tentative 1, readers see 0', 'made 1, readers see 1']);
  });

  it('serializes writers: of many check-and-sets against one index exactly one wins', async () => {
    await using registry = await open();
    const { index } = await registry.commit([defaults('web', 'tcp')]);
    const attempts = Array.from({ length: 20 }, (_, i) => registry.commit([{ ...defaults('web', `p${i}`), cas: index } as Op]));
    const won = (await Promise.all(attempts)).filter((result) => result.applied);
    expect(won).toHaveLength(1);
    expect(registry.snapshot.value.index).toBe(index + 1);
  });

  it('makes all operations of a commit or none', async () => {
    await using registry = await open();
    const result = await registry.commit([defaults('web', 'http'), { ...defaults('api', 'http'), cas: 99 } as Op]);
    expect(result).toMatchObject({ index: 0, applied: false });
    expect(protocolOf(registry, 'web')).toBeUndefined();
  });

  it('tells what changed once per flush, and nothing when nothing did', async () => {
    const changes: Change[] = [];
    await using registry = await open((change) => changes.push(change));
    await Promise.all([registry.commit([defaults('web', 'http')]), registry.commit([defaults('api', 'http')])]);
    await registry.commit([defaults('web', 'http')]);
    expect(changes).toHaveLength(1);
    expect([...changes[0]!.changed].sort()).toEqual(['dc1/config/service-defaults/api', 'dc1/config/service-defaults/web']);
    expect(changes[0]!.before.index).toBe(0);
    expect(changes[0]!.after.index).toBe(2);
  });

  it('is made at whatever moment it comes, as of one that has just ended', async () => {
    await using registry = await open();
    for (let ticks = 0; ticks < 12; ticks++) {
      await registry.commit([defaults('web', `p${ticks}`)]);
      for (let i = 0; i < ticks; i++) await Promise.resolve();
      expect(await registry.commit([defaults('api', `p${ticks}`)])).toMatchObject({ index: 2 * ticks + 2, applied: true });
    }
  });

  it('goes on when a watcher fails: the write is made, whatever it makes of it', async () => {
    await using registry = await open(() => {
      throw new Error('a bug');
    });
    expect((await registry.commit([defaults('web', 'http')])).applied).toBe(true);
    expect((await registry.commit([defaults('web', 'tcp')])).applied).toBe(true);
  });

  it('refuses entries that contradict each other, and keeps nothing of them', async () => {
    await using registry = await open();
    const permissions = [{ Action: 'allow', HTTP: { PathPrefix: '/' } }];
    const intentions = {
      Kind: 'service-intentions',
      Name: 'db',
      Sources: [{ Name: 'web', Type: 'consul', Precedence: 9, Permissions: permissions }],
    };
    await expect(registry.commit([{ type: 'put-entry', dc: 'dc1', entry: intentions as never }])).rejects.toThrow(WriteRefused);
    await expect(registry.commit([{ type: 'put-entry', dc: 'dc1', entry: intentions as never }])).rejects.toThrow(
      'service "db" has protocol "tcp", which is incompatible with L7 intentions permissions',
    );
    expect(registry.snapshot.value.index).toBe(0);
  });
});

describe('the log', () => {
  it('is compacted when it has grown, without losing anything', async () => {
    const first = await open();
    const filler = 'x'.repeat(300_000);
    for (let i = 0; i < 16; i++) {
      const node = { Node: 'n', ID: 'id', Address: '127.0.0.1', Datacenter: 'dc1', TaggedAddresses: {}, Meta: { filler: `${i}${filler}` } };
      await first.commit([{ type: 'register', dc: 'dc1', node }]);
    }
    const before = snapshotToJson(first.snapshot.value);
    expect((await stat(join(dir, 'registry.log'))).size).toBeLessThan(4 * 1024 * 1024);
    await first[Symbol.asyncDispose]();
    await using second = await open();
    expect(snapshotToJson(second.snapshot.value)).toEqual(before);
  });

  it('says that it is damaged, and opens with what is left', async () => {
    const first = await open();
    await first.commit([defaults('web', 'http')]);
    await first.commit([defaults('api', 'http')]);
    await first[Symbol.asyncDispose]();
    const path = join(dir, 'registry.log');
    const bytes = await readFile(path);
    bytes[bytes.indexOf('"web"')]! ^= 1;
    await writeFile(path, bytes);

    const said: string[] = [];
    await using second = await open(undefined, { log: (_level, message) => void said.push(message) });
    expect(said).toEqual([expect.stringContaining('is damaged')]);
    expect(protocolOf(second, 'web')).toBeUndefined();
    expect(protocolOf(second, 'api')).toBe('http');
  });
});

describe('a machine that fails', () => {
  /** Runs a script against a registry in `dir`, in a process of its own, and gives what it printed. */
  async function inChild(body: string, shellPrefix: string): Promise<string> {
    const script = join(dir, 'child.ts');
    const bundle = join(dir, 'child.mjs');
    const storage = JSON.stringify(resolve(import.meta.dirname, '../../src/store/storage.ts'));
    const registry = JSON.stringify(resolve(import.meta.dirname, '../../src/control/registry.ts'));
    await writeFile(
      script,
      `import { openRegistry } from ${registry};
      import { diskStorage } from ${storage};
      const registry = await openRegistry({ storage: diskStorage(${JSON.stringify(dir)}, { sync: true }), datacenter: 'dc1', log: { log() {} }, clock: Date, onChange() {} });
      const put = (Name: string, size = 0) => registry.commit([{ type: 'put-entry', dc: 'dc1',
        entry: { Kind: 'service-defaults', Name, Protocol: 'http', Meta: { filler: 'x'.repeat(size) } } as never }]);
      ${body}`,
    );
    const { build } = await import('esbuild');
    await build({ entryPoints: [script], outfile: bundle, bundle: true, platform: 'node', format: 'esm' });
    const child = promisify(execFile)('sh', ['-c', `${shellPrefix} exec "${process.execPath}" "${bundle}"`]);
    return (await child.catch((error: { stdout: string }) => error)).stdout;
  }

  it('keeps every write that was acknowledged before kill -9', async () => {
    const out = await inChild(
      `await Promise.all(Array.from({ length: 40 }, (_, i) => put('s' + i)));
       console.log(registry.snapshot.value.index);
       process.kill(process.pid, 'SIGKILL');`,
      '',
    );
    expect(out).toBe('40\n');
    await using registry = await open();
    expect(registry.snapshot.value.index).toBe(40);
  });

  it('refuses the write that the disk has no room for, shows nothing of it, and takes the next', async () => {
    const out = await inChild(
      `await put('first');
       const error = await put('huge', 64 * 1024).catch((e) => e);
       const { index } = registry.snapshot.value;
       await put('last');
       await registry[Symbol.asyncDispose]();
       console.log(JSON.stringify([error.code, index]));`,
      'ulimit -f 32;',
    );
    expect(JSON.parse(out)).toEqual(['environment', 1]);
    await using registry = await open();
    expect(['first', 'huge', 'last'].map((name) => protocolOf(registry, name))).toEqual(['http', undefined, 'http']);
  });
});

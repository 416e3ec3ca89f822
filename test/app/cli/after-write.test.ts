import { rm, symlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { afterWrite } from '../../../src/app/cli/after-write.ts';
import { createHome, homeOf } from '../../../src/app/home.ts';
import type { Handlers } from '../../../src/app/rpc/server.ts';
import { testIo } from '../../commands/io.ts';
import { type OpenServer, openRpc } from '../rpc/open.ts';

let rpc: OpenServer | undefined;
afterEach(async () => {
  await rpc?.[Symbol.asyncDispose]();
  rpc = undefined;
});

/** What is said after a write to `address`, when the agent of this home is at 127.0.0.1:8500. */
async function said(address: string, sync: Handlers['sync'], diagnostics = true): Promise<string> {
  rpc = await openRpc({ sync });
  const home = homeOf({ MESH_HOME: dirname(rpc.path) }, '/');
  await createHome(home);
  await writeFile(home.recordPath, JSON.stringify({ pid: 1, version: '1', http: '127.0.0.1:8500', permanent: false }));
  // The home's own socket is where a call looks.
  await rm(home.agentSocket, { force: true });
  await symlink(rpc.path, home.agentSocket);
  const io = testIo({ env: { MESH_HOME: home.root }, diagnostics });
  await afterWrite(address, io);
  expect(io.written.out).toBe('');
  return io.written.err;
}

const serving = (total: number) => () => Promise.resolve({ serving: total, total, index: 42 });
const never = () => Promise.reject(new Error('must not be asked'));

describe('after a write', () => {
  it('says that the sidecars serve it', async () => {
    expect(await said('127.0.0.1:8500', serving(5))).toBe('5/5 sidecars serve it (index 42)\n');
  });

  it('knows its own agent with a scheme too', async () => {
    expect(await said('http://127.0.0.1:8500', serving(1))).toContain('1/1');
  });

  it('waits for nobody when the write went to another Consul', async () => {
    expect(await said('127.0.0.1:9500', never)).toBe('');
    expect(rpc?.bugs).toEqual([]);
  });

  it('is silent in a pipe and without sidecars, but has waited', async () => {
    let asked = 0;
    const count = () => Promise.resolve({ serving: 0, total: ++asked, index: 1 });
    expect(await said('127.0.0.1:8500', count, false)).toBe('');
    expect(asked).toBe(1);
    await rpc?.[Symbol.asyncDispose]();
    expect(await said('127.0.0.1:8500', serving(0))).toBe('');
  });

  it('does not fail when the agent can not say', async () => {
    expect(await said('127.0.0.1:8500', () => Promise.reject(new Error('no')))).toBe(
      'could not learn whether the sidecars serve it: mesh status\n',
    );
  });
});

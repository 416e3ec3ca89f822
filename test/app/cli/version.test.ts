import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { version } from '../../../src/app/cli/version.ts';
import { homeOf } from '../../../src/app/home.ts';
import { VERSION } from '../../../src/app/version.ts';
import { testIo } from '../../commands/io.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mesh-version-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function shown(options: { json?: boolean } = {}): Promise<string> {
  const io = testIo({ env: { MESH_HOME: folder } });
  expect(await version({ args: [], options }, io)).toBe(0);
  return io.written.out;
}

const agentIs = (running: string) =>
  writeFile(
    homeOf({ MESH_HOME: folder }, '/').recordPath,
    JSON.stringify({ pid: 1, version: running, http: '127.0.0.1:1', permanent: false }),
  );

describe('mesh version', () => {
  it('is one line, without an agent or with one of the same version', async () => {
    expect(await shown()).toBe(`mesh ${VERSION}\n`);
    await agentIs(VERSION);
    expect(await shown()).toBe(`mesh ${VERSION}\n`);
  });

  it('says how to swap an agent of another version', async () => {
    await agentIs('0.0.1');
    expect(await shown()).toBe(
      `mesh ${VERSION}\nthe running agent is 0.0.1: \`mesh agent restart\` swaps it, workloads and traffic go on\n`,
    );
  });

  it('as JSON has both, and that of Node', async () => {
    expect(JSON.parse(await shown({ json: true }))).toEqual({ version: VERSION, agent: null, node: '20.15.0' });
    await agentIs('0.0.1');
    expect(JSON.parse(await shown({ json: true }))).toMatchObject({ agent: '0.0.1' });
  });
});

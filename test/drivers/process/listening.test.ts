import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freePort } from '../../../src/drivers/process/address-book.ts';
import { portsOfGroup } from '../../../src/drivers/process/listening.ts';
import { spawnTree } from '../../../src/drivers/process/processes.ts';
import { eventually } from '../fixture/eventually.ts';
import { temporaryFolder } from '../fixture/folder.ts';

async function start(script: string): Promise<number> {
  const folder = temporaryFolder();
  const command = [process.execPath, '-e', script];
  const tree = await spawnTree({ marker: join(folder, 'tree'), command, env: {}, cwd: folder, logPath: join(folder, 'log') });
  onTestFinished(() => tree.stop(0));
  return tree.pid;
}

describe.skipIf(process.platform !== 'linux')('ports of a process tree (needs /proc: Linux only)', () => {
  it('are those that its processes listen on, in order', async () => {
    const ports = [await freePort('127.0.0.1'), await freePort('127.0.0.1')].toSorted((a, b) => a - b);
    const group = await start(`for (const port of [${ports.toReversed().join()}]) require('net').createServer().listen(port, '127.0.0.1')`);
    await eventually('it listens', async () => (await portsOfGroup(group))?.join() === ports.join());
  });

  it('are none for one that only waits, and unknown for one that is not there', async () => {
    expect(await portsOfGroup(await start('setInterval(() => {}, 1000)'))).toEqual([]);
    expect(await portsOfGroup(2 ** 22 + 1)).toBeUndefined();
  });
});

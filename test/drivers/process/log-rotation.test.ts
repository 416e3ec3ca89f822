import { appendFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../../src/base/ports.ts';
import { LogRotation } from '../../../src/drivers/process/log-rotation.ts';
import { spawnTree } from '../../../src/drivers/process/processes.ts';
import { eventually } from '../fixture/eventually.ts';
import { ManualClock, settle } from '../supervise/manual-clock.ts';

let folder: string;
let rotation: LogRotation;
const clock = new ManualClock();
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mesh-rotation-'));
  rotation = new LogRotation({ folder, maxBytes: 100, clock, log: silentLog });
});
afterEach(() => rm(folder, { recursive: true }));

const path = (name: string): string => join(folder, name);
const text = (name: string): Promise<string> => readFile(path(name), 'utf8');

describe('a log over its limit', () => {
  it('is moved aside, once', async () => {
    await writeFile(path('a.log'), 'a'.repeat(101), { mode: 0o600 });
    await writeFile(path('b.log'), 'b'.repeat(100));
    await writeFile(path('c.txt'), 'c'.repeat(1000));
    await rotation.check();
    expect((await readdir(folder)).toSorted()).toEqual(['a.log', 'a.log.1', 'b.log', 'c.txt']);
    expect(await text('a.log')).toBe('');
    expect(await text('a.log.1')).toBe('a'.repeat(101));
    expect((await stat(path('a.log.1'))).mode & 0o777).toBe(0o600);
    await appendFile(path('a.log'), 'A'.repeat(102));
    await rotation.check();
    expect(await text('a.log.1')).toBe('A'.repeat(102));
    expect((await readdir(folder)).filter((name) => name.startsWith('a'))).toEqual(['a.log', 'a.log.1']);
  });

  it('goes on at its start, for a process that writes to it all the time', async () => {
    const script = 'printf "%0120d\\n" 1; while [ ! -e go ]; do sleep 0.02; done; echo after';
    const running = await spawnTree({
      marker: path('writer'),
      command: ['/bin/sh', '-c', script],
      env: { PATH: '/bin:/usr/bin' },
      cwd: folder,
      logPath: path('a.log'),
    });
    await eventually('it has written', async () => (await stat(path('a.log'))).size === 121);
    await rotation.check();
    await writeFile(path('go'), '');
    await running.exited;
    expect(await text('a.log')).toBe('after\n');
    expect((await text('a.log.1')).length).toBe(121);
  });

  it('is looked for every few seconds, until the end', async () => {
    const stop = new AbortController();
    const ended = rotation.run(stop.signal);
    await writeFile(path('a.log'), 'a'.repeat(101));
    await clock.advance(4999);
    await settle();
    expect(await text('a.log')).not.toBe('');
    await clock.advance(1);
    await eventually('it is cut', async () => (await text('a.log')) === '');
    stop.abort();
    await ended;
  });

  it('is left alone when its folder has gone, and looked for again', async () => {
    const lost = new LogRotation({ folder: path('nowhere'), maxBytes: 1, clock, log: silentLog });
    await expect(lost.check()).rejects.toThrow('ENOENT');
  });
});

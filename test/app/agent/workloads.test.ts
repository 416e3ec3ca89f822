import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Workloads } from '../../../src/app/agent/workloads.ts';
import { realClock } from '../../../src/app/real.ts';
import { type Clock, silentLog } from '../../../src/base/ports.ts';
import type { Workload } from '../../../src/base/workload.ts';
import type { Driver } from '../../../src/drivers/driver.ts';
import { findTree, spawnTree } from '../../../src/drivers/process/processes.ts';
import { workload } from './hosted.ts';

/** Back-off that is soon over. */
const clock: Clock = { now: () => Date.now(), sleep: (ms, signal) => realClock.sleep(Math.min(ms, 1), signal) };
const { signal } = new AbortController();

let folder: string;
let workloads: Workloads;
let swept: string[];

/** Real processes: a workload's command is a script of the shell. */
function driver(): Driver {
  const marker = (id: string) => join(folder, id);
  const logPath = (id: string) => join(folder, `${id}.log`);
  const start = ({ id, command = [] }: Workload) =>
    spawnTree({
      marker: marker(id),
      command: ['/bin/sh', '-c', ...command],
      env: { PATH: '/bin:/usr/bin' },
      cwd: folder,
      logPath: logPath(id),
    });
  return {
    name: 'shell',
    claimed: new Map(),
    reserve: () => Promise.resolve(),
    release: () => Promise.resolve(),
    reach: (address, port) => ({ address, port }),
    start,
    adopt: (id) => findTree(marker(id)),
    async sweep(id) {
      swept.push(id);
      await (await findTree(marker(id)))?.stop(0);
    },
    removeData: () => Promise.resolve(),
    exec: () => Promise.reject(new Error('not here')),
    probe: () => Promise.resolve(false),
    listening: () => Promise.resolve(undefined),
    logPath,
  };
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mesh-workloads-'));
  swept = [];
  workloads = new Workloads({ driver: driver(), clock, log: silentLog });
});
afterEach(async () => {
  for (const hosted of workloads.all()) await workloads.stop(hosted.workload.id);
  await rm(folder, { recursive: true });
});

/** Never ready by its own: the check of this driver never passes. */
const readiness: Workload['readiness'] = [
  { action: { type: 'tcp', port: 1 }, initialDelayMs: 0, periodMs: 1000, timeoutMs: 100, successThreshold: 1, failureThreshold: 1 },
];
const script = (text: string): Workload => ({ ...workload, command: [text], readiness });

describe('a workload that ends before it is ready', () => {
  it('fails with its code, how often it was tried, and its last words', async () => {
    const hosted = await workloads.start(script('echo "opening /data"; echo "no such file" >&2; exit 3'), { adopt: false });
    const error = await hosted.ready(signal).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'incomplete', hint: 'mesh logs payments' });
    expect((error as Error).message).toMatch(/^payments exited with code 3 before it was ready, 3 times; its last lines:\n/);
    expect((error as Error).message).toMatch(/ {2}opening \/data\n {2}no such file$/);
  });

  it('shows ten lines at most, the last ones', async () => {
    const hosted = await workloads.start(script('for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo "line $i"; done; exit 1'), { adopt: false });
    const error = (await hosted.ready(signal).catch((e: unknown) => e)) as Error;
    expect(error.message.split('\n').slice(1)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map((i) => `  line ${i}`));
  });

  it('says that it said nothing', async () => {
    const hosted = await workloads.start(script('exit 0'), { adopt: false });
    await expect(hosted.ready(signal)).rejects.toThrow('payments exited with code 0 before it was ready, 3 times; it printed nothing');
  });

  it('or never was started, says that', async () => {
    const unable = { ...driver(), start: () => Promise.reject(new Error('consull: not found')) };
    const hosted = await new Workloads({ driver: unable, clock, log: silentLog }).start(script(''), { adopt: false });
    await expect(hosted.ready(signal)).rejects.toThrow('payments could not be started, 3 times; it printed nothing');
  });

  it('because it was stopped says that', async () => {
    const hosted = await workloads.start(script('exec sleep 60'), { adopt: false });
    const ready = hosted.ready(signal);
    await Promise.all([workloads.stop(workload.id), expect(ready).rejects.toThrow('payments was stopped before it was ready')]);
  });
});

describe('workloads', () => {
  it('are found by their id, and no more when they were stopped', async () => {
    const hosted = await workloads.start({ ...workload, command: ['exec sleep 60'] }, { adopt: false });
    await hosted.ready(signal);
    expect(workloads.get(workload.id)).toBe(hosted);
    expect(workloads.all()).toEqual([hosted]);
    await workloads.stop(workload.id);
    expect(workloads.get(workload.id)).toBeUndefined();
    expect(hosted.status.value.phase).toBe('stopped');
    expect(await findTree(join(folder, workload.id))).toBeUndefined();
  });

  it('are taken over with their process, or made anew after a sweep', async () => {
    const first = await workloads.start({ ...workload, command: ['exec sleep 60'] }, { adopt: false });
    const { pid } = first.status.value;
    workloads.release();
    // Its shell writes the mark by which it is found within a millisecond or two; the next agent comes much later.
    await vi.waitFor(async () => expect(await driver().adopt(workload.id)).toBeDefined());
    const next = new Workloads({ driver: driver(), clock, log: silentLog });
    const adopted = await next.start({ ...workload, command: ['exec sleep 60'] }, { adopt: true });
    expect(adopted.status.value).toMatchObject({ phase: 'ready', pid });
    const anew = await next.start({ ...workload, command: ['exec sleep 60'] }, { adopt: false });
    expect(anew.status.value.pid).not.toBe(pid);
    await next.stop(workload.id);
    // Known to nobody by now: swept all the same.
    swept = [];
    await next.stop(workload.id);
    expect(swept).toEqual([workload.id]);
  });
});

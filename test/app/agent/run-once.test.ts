import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { Workloads } from '../../../src/app/agent/workloads.ts';
import { type Clock, silentLog } from '../../../src/base/ports.ts';
import type { Workload } from '../../../src/base/workload.ts';
import { ProcessDriver } from '../../../src/drivers/process/driver.ts';
import { eventually, isRunning } from '../../drivers/fixture/eventually.ts';
import { workload } from './hosted.ts';

/** Its time is up as soon as the command has said something. */
const clock: Clock = {
  now: () => Date.now(),
  sleep: () =>
    eventually('it has printed a line', () => existsSync(driver.logPath(ID)) && readFileSync(driver.logPath(ID), 'utf8').includes('\n')),
};

let driver: ProcessDriver;
let workloads: Workloads;
beforeEach(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mesh-run-once-'));
  driver = new ProcessDriver({
    runDir: folder,
    logDir: folder,
    dataDir: folder,
    home: folder,
    programs: { 'fake-service': ['false'], docs: ['false'], traces: ['false'], mesh: ['echo', 'mesh'] },
    baseEnv: { PATH: '/usr/bin:/bin' },
    addressMode: 'ports',
    abstractSockets: false,
  });
  workloads = new Workloads({ driver, clock, log: silentLog });
  onTestFinished(async () => {
    await driver.sweep(ID);
    rmSync(folder, { recursive: true, force: true });
  });
});

const ID = 'exec_local.look';
const script = (text: string): Workload => ({
  ...workload,
  id: ID,
  name: 'look',
  image: '',
  address: '',
  entrypoint: ['/bin/sh', '-c'],
  command: [text],
});

const forever = new AbortController().signal;
const run = (text: string, options: { timeoutMs?: number; signal?: AbortSignal } = {}) =>
  workloads.runOnce(script(text), { timeoutMs: 0, signal: forever, ...options });

describe('a command that is run once', () => {
  it('gives what it printed, and keeps its log until it is stopped', async () => {
    expect(await run('echo out; echo err >&2')).toEqual({ output: 'out\nerr\n' });
    expect(readFileSync(driver.logPath(ID), 'utf8')).toBe('out\nerr\n');
    expect(await run('echo again')).toEqual({ output: 'again\n' });
    await workloads.stop(ID);
    expect(() => readFileSync(driver.logPath(ID))).toThrow('ENOENT');
  });

  it('fails with its code and its last words', async () => {
    await expect(run('echo one; echo two >&2; exit 3')).rejects.toMatchObject({
      code: 'incomplete',
      message: expect.stringMatching(/^look exited with code 3; its last lines:\n {2}one\n {2}two$/),
      hint: 'mesh logs look',
    });
    await expect(run('exit 1')).rejects.toThrow('look exited with code 1; it printed nothing');
  });

  it('is ended when its time is up, with all that it has started', async () => {
    const slow = run('sleep 60 & echo $!; wait', { timeoutMs: 200 });
    await expect(slow).rejects.toMatchObject({
      code: 'incomplete',
      message: expect.stringContaining('still running after 0.2 s and was ended'),
    });
    expect(await driver.adopt(ID)).toBeUndefined();
    const child = Number.parseInt(readFileSync(driver.logPath(ID), 'utf8'), 10);
    await eventually('its child is gone', () => !isRunning(child));
  });

  it('is ended when the run is called off, and before it has begun not started', async () => {
    const stop = new AbortController();
    const called = run('sleep 60', { signal: stop.signal });
    stop.abort(new Error('called off'));
    await expect(called).rejects.toThrow('called off');
    expect(await driver.adopt(ID)).toBeUndefined();
    await expect(run('echo never', { signal: stop.signal })).rejects.toThrow('called off');
    expect(await driver.adopt(ID)).toBeUndefined();
  });
});

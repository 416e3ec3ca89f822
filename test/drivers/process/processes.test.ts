import { spawn } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Running } from '../../../src/drivers/driver.ts';
import { findTree, readExit, spawnTree } from '../../../src/drivers/process/processes.ts';
import { eventually, isAlive, isRunning } from '../fixture/eventually.ts';
import { temporaryFolder } from '../fixture/folder.ts';

interface Tree extends Running {
  readonly marker: string;
  readonly log: () => string;
}

/** Longer than any test may take: who waits for it, fails. */
const NEVER_MS = 600_000;

async function start(script: string, folder = temporaryFolder()): Promise<Tree> {
  const marker = join(folder, 'tree');
  const logPath = join(folder, 'log');
  const env = { PATH: process.env['PATH'] ?? '', MESSAGE: 'hello' };
  const running = await spawnTree({ marker, command: ['/bin/sh', '-c', script], env, cwd: folder, logPath });
  onTestFinished(() => running.stop(0));
  return { ...running, marker, log: () => readFileSync(logPath, 'utf8') };
}

it.each([
  ['an exit code', 'exit 7', 7],
  ['success', 'true', 0],
  ['a signal of its own', 'kill -9 $$', 137],
])('notes how it ended: %s', async (_what, script, code) => {
  const tree = await start(script);
  expect(await tree.exited).toEqual({ code });
  expect(await readExit(tree.marker)).toEqual({ code });
});

it('gives the program its environment, folder and log, and nothing to read', async () => {
  const tree = await start('echo "$MESSAGE from $PWD"; echo oops >&2; cat; exit 3');
  expect(await tree.exited).toEqual({ code: 3 });
  expect(tree.log()).toBe(`hello from ${join(tree.marker, '..')}\noops\n`);
  expect(statSync(join(tree.marker, '../log')).mode & 0o777).toBe(0o600);
});

it('reports a folder that does not exist instead of starting', async () => {
  const folder = temporaryFolder();
  const options = { marker: join(folder, 'tree'), command: ['true'], env: {}, logPath: join(folder, 'log') };
  await expect(spawnTree({ ...options, cwd: join(folder, 'absent') })).rejects.toThrow('ENOENT');
});

it('ends with TERM, and the exit code is that of the program', async () => {
  const tree = await start('trap "echo bye; exit 5" TERM; echo ready; while :; do sleep 0.02; done');
  await eventually('it is ready', () => tree.log().includes('ready'));
  await tree.stop(NEVER_MS);
  expect(await tree.exited).toEqual({ code: 5 });
  expect(tree.log()).toContain('bye');
});

it('ends with KILL after the deadline when TERM is ignored', async () => {
  const tree = await start('trap "" TERM; echo ready; while :; do sleep 0.02; done');
  await eventually('it is ready', () => tree.log().includes('ready'));
  await tree.stop(50);
  expect(await tree.exited).toEqual({ code: 137 });
});

it('stops whatever moment of the start it is at, without waiting for the deadline', async () => {
  for (let i = 0; i < 20; i++) {
    const tree = await start('sleep 600');
    if (i % 2 === 1) await eventually('it noted its pid', async () => (await findTree(tree.marker)) !== undefined);
    await tree.stop(NEVER_MS);
    expect(isAlive(tree.pid)).toBe(false);
  }
});

it('takes the whole process group along, also what ignores TERM', async () => {
  const tree = await start(`(trap "" TERM; echo child $(sh -c 'echo $PPID'); while :; do sleep 0.02; done) & echo ready; wait`);
  await eventually('the child said its pid', () => /child \d+/.test(tree.log()));
  const child = Number(/child (\d+)/.exec(tree.log())?.[1]);
  expect(isAlive(child)).toBe(true);
  await tree.stop(NEVER_MS);
  await eventually('the child is gone', () => !isRunning(child));
});

it('is found, watched and stopped by an agent that did not start it', async () => {
  const tree = await start('sleep 600');
  await eventually('it noted its pid', async () => (await findTree(tree.marker)) !== undefined);
  const found = (await findTree(tree.marker))!;
  expect(found.pid).toBe(tree.pid);
  await found.stop(NEVER_MS);
  expect(await tree.exited).toEqual(await found.exited);
  expect(await findTree(tree.marker)).toBeUndefined();
});

it('tells an agent that did not start it the exit code', async () => {
  const folder = temporaryFolder();
  const tree = await start('until [ -e go ]; do sleep 0.02; done; exit 9', folder);
  await eventually('it noted its pid', async () => (await findTree(tree.marker)) !== undefined);
  const found = (await findTree(tree.marker))!;
  writeFileSync(join(folder, 'go'), '');
  expect(await found.exited).toEqual({ code: 9 });
});

it.each([
  ['nothing', undefined],
  ['an empty file', ''],
  ['no number', 'x\n'],
  ['the first process of the machine', '1\n'],
  ['a negative number', '-1\n'],
  ['a process that is somebody else', `${process.pid}\n`],
  ['a number that no process has', '4194999\n'],
])('does not take for its own: %s', async (_what, text) => {
  const marker = join(temporaryFolder(), 'tree');
  if (text !== undefined) writeFileSync(`${marker}.pid`, text);
  expect(await findTree(marker)).toBeUndefined();
});

it.skipIf(process.platform !== 'linux')('counts a zombie as gone (seen in /proc: Linux only)', async () => {
  const folder = temporaryFolder();
  const marker = join(folder, 'tree');
  // The inner process carries the marker; the outer one has become something that never waits for it when it ends.
  const script = 'sh -c "until [ -e go ]; do sleep 0.02; done" "$0" & echo $!; exec sleep 600';
  const parent = spawn('/bin/sh', ['-c', script, marker], { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });
  const gone = new Promise((resolve) => parent.once('exit', resolve));
  onTestFinished(async () => {
    parent.kill('SIGKILL');
    await gone;
  });
  const pid = await new Promise<string>((resolve) => parent.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString().trim())));
  writeFileSync(`${marker}.pid`, `${pid}\n`);
  expect((await findTree(marker))?.pid).toBe(Number(pid));
  await eventually('nobody waits any more', () => readFileSync(`/proc/${parent.pid}/cmdline`, 'utf8').startsWith('sleep'));
  writeFileSync(join(folder, 'go'), '');
  await eventually('it is a zombie', () => readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z '));
  expect(await findTree(marker)).toBeUndefined();
});

it.each([
  ['0\n', 0],
  ['143\n', 143],
  ['', undefined],
  ['14', undefined],
  ['torn\n', undefined],
])('reads the exit file %j as %s', async (text, code) => {
  const marker = join(temporaryFolder(), 'tree');
  expect(await readExit(marker)).toEqual({ code: undefined });
  writeFileSync(`${marker}.exit`, text);
  expect(await readExit(marker)).toEqual({ code });
});

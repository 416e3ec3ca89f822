import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runCommand } from '../../../src/app/test/command.ts';

const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin' };
const run = (command: string[], signal = new AbortController().signal, cwd = '/') => runCommand(command, { cwd, env, signal });
/** One that has ended counts as gone, even if nobody has asked for its exit code yet. */
const alive = (pid: number): boolean => {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};

describe('runCommand', () => {
  it('collects both streams and the exit code', async () => {
    expect(await run(['sh', '-c', 'echo out; echo err >&2; exit 3'])).toEqual({
      exit: 3,
      output: expect.stringMatching(/^(out\nerr|err\nout)\n$/),
    });
    expect(await run(['sh', '-c', 'kill -TERM $$'])).toMatchObject({ exit: 143 });
  });

  it('fails when its time is over, and ends all that it has started', async () => {
    const error = await run(['sh', '-c', 'trap "" TERM; sleep 60 & echo "pid $!"; wait; sleep 60'], AbortSignal.timeout(150)).catch(
      (e: unknown) => e,
    );
    expect(error).toMatchObject({
      failure: { message: expect.stringMatching(/^it did not end within \d\.\d s$/), details: [expect.stringMatching(/^pid \d+$/)] },
    });
    const pid = Number(/\d+/.exec((error as { failure: { details: string[] } }).failure.details[0]!)![0]);
    for (let i = 0; i < 50 && alive(pid); i++) await new Promise((done) => setTimeout(done, 20));
    expect(alive(pid)).toBe(false);
  });

  it('does not wait for what goes on in the background', async () => {
    const { output } = await run(['sh', '-c', 'sleep 30 & echo $!']);
    process.kill(Number(output), 'SIGKILL');
  }, 5_000);

  it('says what can’t be started', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mesh-command-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, 'script.sh'), '#!/bin/sh\n');
    await expect(run(['no-such-program-here'])).rejects.toMatchObject({
      failure: { message: 'there is no program no-such-program-here on this machine' },
    });
    await expect(run([join(folder, 'script.sh')])).rejects.toMatchObject({
      failure: { message: expect.stringContaining('permission denied') },
    });
  });
});

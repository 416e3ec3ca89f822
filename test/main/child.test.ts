import { describe, expect, it } from 'vitest';
import { startChild } from '../../src/main/child.ts';

const options = { env: { PATH: process.env['PATH'] }, cwd: '/' };
const sh = (script: string, input?: string) =>
  startChild(['sh', '-c', script], input === undefined ? options : { ...options, input: { text: input } });

describe('a program on our own streams', () => {
  it.each([
    ['exit 0', { code: 0, signal: null }],
    ['exit 7', { code: 7, signal: null }],
    ['kill -KILL $$', { code: null, signal: 'SIGKILL' }],
  ])('tells how it ended: %s', async (script, exit) => {
    expect(await sh(script).exited).toEqual(exit);
  });

  it('reads what it is given, and nothing when it is given nothing', async () => {
    expect(await sh('read line; test "$line" = hello', 'hello\n').exited).toEqual({ code: 0, signal: null });
    expect(await sh('test -z "$(cat)"').exited).toEqual({ code: 0, signal: null });
    expect(await sh('exit 0', 'x'.repeat(1_000_000)).exited).toEqual({ code: 0, signal: null });
  });

  it('fails for what can not be started', async () => {
    const child = startChild(['/no/such/program'], options);
    expect(child.pid).toBeUndefined();
    await expect(child.exited).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('hears the signals that we hear, as long as it runs, and we still hear them', async () => {
    let heard = 0;
    const own = (): void => void heard++;
    process.on('SIGHUP', own);
    try {
      const before = process.listeners('SIGHUP');
      const child = sh('trap "exit 9" HUP; kill -HUP $PPID; for i in $(seq 500); do sleep 0.01; done');
      expect(await child.exited).toEqual({ code: 9, signal: null });
      expect(heard).toBe(1);
      expect(process.listeners('SIGHUP')).toEqual(before);
    } finally {
      process.off('SIGHUP', own);
    }
  });
});

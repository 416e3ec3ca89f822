import { describe, expect, it } from 'vitest';
import { lend } from '../../src/main/lend.ts';

const options = { env: { PATH: process.env['PATH']! }, cwd: '/' };

describe('lending the terminal', () => {
  it.each([
    ['exit 0', 0],
    ['exit 7', 7],
    ['kill -TERM $$', 143],
    ['kill -INT $$', 130],
  ])('returns the exit code: %s', async (script, code) => {
    expect(await lend(['sh', '-c', script], options)).toBe(code);
  });

  it('fails for what can not be started', async () => {
    await expect(lend(['/no/such/program'], options)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('takes signals for itself meanwhile, and gives them back', async () => {
    let interrupted = 0;
    const own = (): void => void interrupted++;
    process.on('SIGHUP', own);
    try {
      const before = process.listeners('SIGHUP');
      // The program signals this process, which passes it on.
      expect(await lend(['sh', '-c', 'trap "exit 9" HUP; kill -HUP $PPID; for i in $(seq 500); do sleep 0.01; done'], options)).toBe(9);
      expect(interrupted).toBe(0);
      expect(process.listeners('SIGHUP')).toEqual(before);
    } finally {
      process.off('SIGHUP', own);
    }
  });
});

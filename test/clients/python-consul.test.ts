import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { openTestApi } from '../control/http/api.ts';

/** Debian's python3-consul is of the system's Python, which need not be the first one on PATH. */
const python = ['python3', '/usr/bin/python3'].find((command) => spawnSync(command, ['-c', 'import consul']).status === 0);
const script = new URL('python/walk.py', import.meta.url).pathname;

it.skipIf(python === undefined)(
  'python-consul walks through our API (needs the Python package `consul`: python3-consul in Debian)',
  async () => {
    await using api = await openTestApi();
    const { stdout } = await promisify(execFile)(python!, [script, ...api.address.split(':')], { env: { PATH: process.env['PATH'] } });
    expect(stdout).toBe('ok\n');
  },
);

import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { filesIn, openDashboard } from '../../../src/app/agent/dashboard.ts';
import { random } from '../../control/harness.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mesh-dashboard-'));
  mkdirSync(join(folder, 'ui'));
  writeFileSync(join(folder, 'ui/app.js'), 'run()');
  writeFileSync(join(folder, 'ui/notes.txt'), 'none of its files');
  writeFileSync(join(folder, 'secret.js'), 'secret');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the files of the dashboard', () => {
  it('come plain and packed, with what they are', async () => {
    const file = await filesIn(join(folder, 'ui'))('app.js');
    expect(file).toMatchObject({ contentType: 'text/javascript; charset=utf-8', bytes: Buffer.from('run()') });
    expect(gunzipSync(file!.gzipped).toString()).toBe('run()');
    expect(file!.etag).toMatch(/^"[\w-]{22}"$/);
  });

  it.each(['', '.', '..', '../secret.js', '/etc/passwd', 'notes.txt', 'toString'])('are no others: %s', async (name) => {
    expect(await filesIn(join(folder, 'ui'))(name)).toBeUndefined();
  });

  it('are none where there is no folder', async () => {
    expect(await filesIn(join(folder, 'nowhere'))('app.js')).toBeUndefined();
  });
});

it('the token is another one at each start, and for this user only, whatever was at its place', async () => {
  const path = join(folder, 'ui-token');
  writeFileSync(join(folder, 'victim'), 'as it was', { mode: 0o644 });
  symlinkSync(join(folder, 'victim'), path);
  const first = await openDashboard(join(folder, 'ui'), path, random);
  const second = await openDashboard(join(folder, 'ui'), path, random);
  expect(first.token).toMatch(/^[0-9a-f]{64}$/);
  expect(second.token).not.toBe(first.token);
  expect(readFileSync(path, 'utf8')).toBe(`${second.token}\n`);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(folder, 'victim'), 'utf8')).toBe('as it was');
});

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderStatus } from '../../../src/app/cli/status.ts';
import type { StatusReport } from '../../../src/app/rpc/status.ts';
import { healthy, NOW, troubled } from './report.ts';

const idle: StatusReport = {
  ...healthy,
  blueprints: [],
  resources: [],
  workloads: [],
  services: [],
  proxies: [],
  ingresses: [],
  outputs: {},
};

/** test/golden/status; UPDATE_GOLDEN=1 writes what is shown now: read the difference before committing it. */
describe('mesh status', () => {
  it.each([
    ['healthy', healthy],
    ['troubled', troubled],
    ['idle', idle],
  ])('of a mesh that is %s', (name, report) => {
    const path = join(import.meta.dirname, `../../golden/status/${name}.txt`);
    const text = renderStatus(report, NOW);
    if (process.env['UPDATE_GOLDEN'] !== undefined) writeFileSync(path, text);
    expect(text).toBe(existsSync(path) ? readFileSync(path, 'utf8') : undefined);
  });
});

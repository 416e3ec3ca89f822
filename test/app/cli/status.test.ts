import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { detailsOf, renderDetails } from '../../../src/app/cli/status-detail.ts';
import { renderStatus } from '../../../src/app/cli/status-view.ts';
import type { StatusReport } from '../../../src/app/rpc/status.ts';
import { healthy, NOW, paused, troubled } from './report.ts';

const idle: StatusReport = {
  ...healthy,
  blueprints: [],
  resources: [],
  workloads: [],
  runs: [],
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
    check(name, renderStatus(report, NOW));
  });

  it('says of what is not ready whether it failed', () => {
    const [network, payments] = healthy.resources;
    const text = renderStatus({ ...healthy, resources: [network!, { ...payments!, status: 'creating' }] }, NOW);
    expect(text).toContain('container.payments  creating  not ready yet: a run waits for it, or was stopped before it was\n');
  });

  it('is as wide as the terminal: images, commands and folders give way, addresses never', () => {
    const text = renderStatus(paused, NOW, 80);
    check('narrow', text);
    const lines = text.split('\n').slice(1);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(text).toContain('127.5.0.110:9090');
  });

  it('on a very narrow terminal says first what runs', () => {
    const text = renderStatus(paused, NOW, 60);
    expect(text.split('\n').filter((line, i) => i > 0 && line.length > 60)).toEqual([]);
    expect(text).toContain('NAME      STATE   UP  ADDRESS     REACHABLE AT      IMAGE\n');
  });
});

describe('mesh status NAME', () => {
  it.each([
    ['detail-workload', 'payments', troubled],
    ['detail-service', 'web', healthy],
    ['detail-run', 'migrate', paused],
  ])('%s', (golden, name, report) => {
    check(
      golden,
      renderDetails(detailsOf(name, report), NOW, (path) => [`the end of ${path}`]),
    );
  });

  it('names the nearest thing for one that is not there', () => {
    expect(() => detailsOf('paymets', healthy)).toThrow('nothing called "paymets" runs here');
  });
});

function check(name: string, text: string): void {
  const path = join(import.meta.dirname, `../../golden/status/${name}.txt`);
  if (process.env['UPDATE_GOLDEN'] !== undefined) writeFileSync(path, text);
  expect(text).toBe(existsSync(path) ? readFileSync(path, 'utf8') : undefined);
}

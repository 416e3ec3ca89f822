import { expect, it } from 'vitest';
import { Watchable } from '../../../src/base/watch.ts';
import { HostedSidecars } from '../../../src/control/agent/hosted-sidecars.ts';
import type { CheckRef } from '../../../src/control/checks/checks.ts';
import type { DataplaneStatus } from '../../../src/control/dataplane/link.ts';

it('tells once that a sidecar listens, when the data plane serves it', () => {
  const status = new Watchable<DataplaneStatus>({ connected: true, ackedIndex: 0, proxies: {}, forwardErrors: {} });
  const hosted: string[] = [];
  const sidecars = new HostedSidecars({ status, host: (id) => hosted.push(`+${id}`), unhost: (id) => hosted.push(`-${id}`) });
  const listening: CheckRef[] = [];
  const stop = sidecars.follow((check) => listening.push(check));
  const serve = (ackedIndex: number): void => status.set({ ...status.value, proxies: { 'dc1/n/web': { configIndex: 1, ackedIndex } } });
  sidecars.host({ dc: 'dc1', node: 'n', id: 'web' });
  serve(0);
  expect(listening).toEqual([]);
  serve(7);
  serve(8);
  expect(listening).toEqual([{ dc: 'dc1', node: 'n', id: 'service:web:1' }]);
  sidecars.unhost({ dc: 'dc1', node: 'n', id: 'web' });
  stop();
  expect(hosted).toEqual(['+dc1/n/web', '-dc1/n/web']);
});

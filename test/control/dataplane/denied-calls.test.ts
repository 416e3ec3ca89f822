import { describe, expect, it } from 'vitest';
import type { DeniedCall } from '../../../src/api/denial.ts';
import { DeniedCalls } from '../../../src/control/dataplane/denied-calls.ts';

const call = (path: string, firstAt: number, lastAt = firstAt, times = 1): DeniedCall => ({
  proxy: 'dc1/node/payments-sidecar-proxy',
  source: 'web',
  sourceDatacenter: 'dc1',
  identity: 'spiffe://td/ns/default/dc/dc1/svc/web',
  destination: 'payments',
  destinationDatacenter: 'dc1',
  protocol: 'http',
  request: { method: 'GET', host: 'payments', path },
  status: 403,
  reason: 'no intention matches, the default is deny',
  firstAt,
  lastAt,
  times,
});

describe('what processes of the data plane tell of refusals', () => {
  it('is in whole each time: an agent that is told again counts nothing twice', () => {
    const denied = new DeniedCalls();
    denied.take([call('/a', 1, 1, 1)]);
    denied.take([call('/a', 1, 5, 3), call('/b', 4)]);
    denied.take([call('/a', 1, 5, 3)]);
    expect(denied.list()).toEqual([call('/a', 1, 5, 3), call('/b', 4)]);
  });

  it('adds up over a process that has begun anew', () => {
    const denied = new DeniedCalls();
    denied.take([call('/a', 1, 5, 3)]);
    denied.take([call('/a', 10, 12, 2)]);
    expect(denied.list()).toEqual([call('/a', 1, 12, 5)]);
  });

  it('is a thousand at most', () => {
    const denied = new DeniedCalls();
    for (let i = 0; i < 3_000; i++) denied.take([call(`/${i}`, i)]);
    expect(denied.list()).toHaveLength(1_000);
    expect(denied.list()[0]!.request!.path).toBe('/2999');
  });

  it('is told to who listens', () => {
    const denied = new DeniedCalls();
    const heard: [DeniedCall, number][] = [];
    const stop = denied.listen((...told) => heard.push(told));
    denied.take([call('/a', 1)]);
    denied.take([call('/a', 1, 3, 2)]);
    stop();
    denied.take([call('/b', 2)]);
    expect(heard).toEqual([
      [call('/a', 1), 0],
      [call('/a', 1, 3, 2), 1],
    ]);
  });
});

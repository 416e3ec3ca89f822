import { expect, it } from 'vitest';
import { silentLog } from '../../../src/base/ports.ts';
import { LogTap } from '../../../src/control/agent/log-tap.ts';
import { DEFAULT_TUNING, LiveTuning, type RequestLimits } from '../../../src/control/agent/tuning.ts';
import { RequestBudget } from '../../../src/control/http/request-budget.ts';
import { ManualClock } from '../harness.ts';
import { openTestApi } from './api.ts';

const tuned = (requestLimits: RequestLimits) => ({ ...DEFAULT_TUNING, requestLimits });

it('fills at its rate, and holds what may be asked for in ten seconds', async () => {
  const clock = new ManualClock(0);
  const tuning = new LiveTuning(tuned({ mode: 'enforcing', readRate: 2, writeRate: -1 }));
  const budget = new RequestBudget(tuning, clock, silentLog);
  const reads = (): number => {
    for (let n = 0; ; n++) {
      try {
        budget.take('GET', '/v1/kv/a', '10.0.0.1');
      } catch {
        return n;
      }
    }
  };
  expect(reads()).toBe(20);
  await clock.advanceTo(1500);
  expect(reads()).toBe(3);
  for (let n = 0; n < 100; n++) budget.take('PUT', '/v1/kv/a', '10.0.0.1');
  tuning.renew(tuned({ mode: 'enforcing', readRate: 1, writeRate: -1 }));
  expect(reads()).toBe(10);
});

it('is the same for all listeners: a read too many is told to try elsewhere, a write to wait', async () => {
  await using api = await openTestApi({ tuning: tuned({ mode: 'enforcing', readRate: 0, writeRate: 0 }) });
  const answer = async (method: string, path: string) => {
    const { status, text } = await api.call(path, { method });
    return [status, text];
  };
  const read = [429, 'rate limit exceeded, try again later or against a different server'];
  const write = [503, 'rate limit exceeded for operation that can only be performed by the leader, try again later'];
  expect(await answer('GET', '/v1/catalog/nodes')).toEqual(read);
  expect(await answer('POST', '/v1/discovery-chain/web')).toEqual(read);
  expect(await answer('PUT', '/v1/kv/a')).toEqual(write);
  expect(await answer('DELETE', '/v1/kv/a')).toEqual(write);
  for (const path of ['/v1/status/leader', '/v1/agent/self', '/v1/operator/raft/configuration'])
    expect((await api.call(path)).status, path).toBe(200);
});

it('is only told to the log where it is permissive, without what a query holds', () => {
  const tap = new LogTap(silentLog, new ManualClock(0));
  const lines: unknown[] = [];
  tap.listen('debug', (line) => lines.push(line));
  const budget = new RequestBudget(new LiveTuning(tuned({ mode: 'permissive', readRate: 0, writeRate: 0 })), new ManualClock(0), tap);
  budget.take('PUT', '/v1/kv/a?token=secret', '10.0.0.1');
  expect(lines).toMatchObject([
    {
      message: 'RPC exceeded allowed rate limit',
      fields: { method: 'PUT', path: '/v1/kv/a', source_addr: '10.0.0.1', limit_type: 'global/write', limit_enforced: false },
    },
  ]);
});

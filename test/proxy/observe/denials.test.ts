import { describe, expect, it } from 'vitest';
import type { DeniedCall, RefusedCall } from '../../../src/api/denial.ts';
import { Denials } from '../../../src/proxy/observe/denials.ts';
import { eventually } from '../fixture/sockets.ts';

const call = (path: string): RefusedCall => ({
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
});

/** What a listener has been told, each call as it was last. */
function follow(denials: Denials) {
  const told = new Map<string, DeniedCall>();
  let refuses = 0;
  let batches = 0;
  const stop = denials.follow((calls) => {
    if (refuses-- > 0) return false;
    batches++;
    for (const one of calls) told.set(one.request!.path, one);
    return true;
  });
  return { told, stop, refuse: (times: number) => (refuses = times), batches: () => batches };
}

describe('the refusals that a data plane remembers', () => {
  it('are one if they are equal, with how often and when', async () => {
    let now = 1_000;
    const denials = new Denials(() => now);
    const listener = follow(denials);
    denials.take(call('/a'));
    now = 2_000;
    denials.take(call('/b'));
    now = 3_000;
    denials.take(call('/a'));
    await eventually(() => listener.told.size === 2, 'both are told of');
    expect(listener.told.get('/a')).toEqual({ ...call('/a'), firstAt: 1_000, lastAt: 3_000, times: 2 });
    expect(listener.told.get('/b')).toMatchObject({ firstAt: 2_000, lastAt: 2_000, times: 1 });
    listener.stop();
  });

  it('come first for whoever listens later, and again when the agent that could not take them reads on', async () => {
    const denials = new Denials(() => 0);
    denials.take(call('/before'));
    const listener = follow(denials);
    listener.refuse(2);
    denials.take(call('/after'));
    await eventually(() => listener.told.size === 2, 'both are told of');
    expect(listener.batches()).toBe(1);
    listener.stop();
  });

  it('are five hundred at most: those that came last', async () => {
    const denials = new Denials(() => 0);
    const early = follow(denials);
    denials.take(call('/kept'));
    for (let i = 0; i < 5_000; i++) {
      denials.take(call(`/${i}`));
      if (i % 400 === 0) denials.take(call('/kept'));
    }
    const late = follow(denials);
    await eventually(() => late.told.size > 0 && early.told.size > 0, 'both are told');
    for (const { told } of [early, late]) {
      expect(told.size).toBe(500);
      expect(told.has('/0')).toBe(false);
      expect(told.get('/kept')!.times).toBe(14);
    }
    early.stop();
    late.stop();
  });
});

import { describe, expect, it, vi } from 'vitest';
import type { MeshEvent } from '../../../src/api/event.ts';
import { type Happened, History } from '../../../src/control/history/history.ts';
import { eventOfDenial } from '../../../src/control/history/of-denial.ts';

const happened = (subject: string): Happened => ({ kind: 'sidecar', subject, text: `${subject} serves index 1`, level: 'info' });
const many = (count: number): string => `${count} sidecars serve a new configuration`;

describe('what has happened', () => {
  it('is the last thousand, with ids that go on', () => {
    using history = new History(() => 7);
    for (let i = 0; i < 1_500; i++) history.add(happened(String(i)));
    const kept = history.after(0);
    expect(kept).toHaveLength(1_000);
    expect(kept[0]).toEqual({ ...happened('500'), id: 501, at: 7 });
    expect(history.after(1_499).map(({ id }) => id)).toEqual([1_500]);
  });

  it('is told to who listens, until it has heard enough', () => {
    using history = new History(() => 7);
    const heard: MeshEvent[] = [];
    const stop = history.listen((event) => heard.push(event));
    history.add(happened('a'));
    stop();
    history.add(happened('b'));
    expect(heard.map(({ subject }) => subject)).toEqual(['a']);
  });

  it('is one event where much of a kind comes at a time, and several where it is little', async () => {
    using history = new History(() => 7);
    for (const subject of ['a', 'b']) history.gather(happened(subject), many);
    await vi.waitFor(() => expect(history.after(0).map(({ subject }) => subject)).toEqual(['a', 'b']));
    for (let i = 0; i < 500; i++) history.gather(happened(String(i)), many);
    await vi.waitFor(() => expect(history.after(2)).toHaveLength(1));
    expect(history.after(2)).toMatchObject([{ text: '500 sidecars serve a new configuration', data: { count: 500 } }]);
  });
});

describe('a refusal', () => {
  const call = {
    proxy: 'p',
    source: 'web',
    sourceDatacenter: 'dc1',
    identity: 'spiffe://td/svc/web',
    destination: 'payments',
    destinationDatacenter: 'dc1',
    protocol: 'http',
    status: 403,
    firstAt: 1,
    lastAt: 1,
    reason: 'spiffe://td/svc/web: no intention matches, the default is deny',
    request: { method: 'GET', host: 'payments', path: '/a' },
  };

  it('is news the first time, and each time that it is ten times as often', () => {
    const news: number[] = [];
    for (let times = 1; times <= 1_234; times++) if (eventOfDenial({ ...call, times }, times - 1)) news.push(times);
    expect(news).toEqual([1, 10, 100, 1_000]);
    expect(eventOfDenial({ ...call, times: 35 }, 4)?.text).toBe(
      'web was refused GET /a of payments, 35 times by now: no intention matches, the default is deny',
    );
    expect(eventOfDenial({ ...call, times: 2 }, 1)).toBeUndefined();
  });
});

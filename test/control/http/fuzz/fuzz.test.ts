import { expect, it } from 'vitest';
import { fuzz } from './run.ts';

/** A sample of what `npm run fuzz:http` does. */
it('hostile requests get answers of Consul, and change nothing with an error', async () => {
  const { findings, statuses, replays } = await fuzz(400, 11);
  expect(findings).toEqual([]);
  expect(replays).toBe(true);
  // They reach the endpoints: some are taken, some refused.
  expect(statuses.get(200)).toBeGreaterThan(40);
  expect(statuses.get(400)).toBeGreaterThan(40);
});

it('whoever may do nothing changes nothing and hears of nothing', async () => {
  const { findings, statuses } = await fuzz(300, 12, 'denied');
  expect(findings).toEqual([]);
  expect(statuses.get(403)).toBeGreaterThan(40);
});

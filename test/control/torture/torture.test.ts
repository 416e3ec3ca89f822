import { expect, it } from 'vitest';
import { torture } from './torture.ts';

it('keeps every acknowledged write, and no half of another, when it is killed 20 times under load', async () => {
  const { acknowledged, unanswered, violations } = await torture({ rounds: 20, maxWrites: 40, random: Math.random });
  expect(violations).toEqual([]);
  // Kills met writes that were under way.
  expect([acknowledged > 50, unanswered.made + unanswered.lost > 20]).toEqual([true, true]);
}, 60_000);

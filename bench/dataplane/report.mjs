import { loadavg } from 'node:os';

export const sorted = (numbers) => numbers.toSorted((a, b) => a - b);
export const median = (numbers) => sorted(numbers)[Math.floor(numbers.length / 2)];
export const percentile = (numbers, p) => sorted(numbers)[Math.min(numbers.length - 1, Math.ceil((numbers.length * p) / 100) - 1)];

export const row = (...cells) => console.log(`| ${cells.join(' | ')} |`);

export function head(...cells) {
  row(...cells);
  row(...cells.map(() => '---'));
}

export function title(text) {
  const [load] = loadavg();
  console.log(`\n## ${text} (load average ${load.toFixed(1)})\n`);
}

/** A figure beside what it may be; lower is better unless `atLeast`. */
export function budget(what, value, limit, { unit = '', atLeast = false, goal } = {}) {
  const meets = (bound) => (atLeast ? value >= bound : value <= bound);
  const verdict = goal !== undefined && meets(goal) ? 'goal hit' : meets(limit) ? 'hit' : 'MISSED';
  const wanted = `${atLeast ? 'at least' : 'at most'} ${limit}${unit}${goal === undefined ? '' : `, goal ${goal}${unit}`}`;
  console.log(`- ${what}: ${value.toFixed(2)}${unit} (${wanted}): ${verdict}`);
}

/** Each variant once per round, in turn: what else the machine does meets all of them alike. Samples by name. */
export async function interleaved(variants, rounds, measure) {
  const samples = Object.fromEntries(Object.keys(variants).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++)
    for (const [name, variant] of Object.entries(variants)) samples[name].push(await measure(variant, round));
  return samples;
}

/** Median over the rounds of one variant's figure beside another's of the same round. */
export function ratio(samples, name, peer, figure) {
  return median(samples[name].map((sample, i) => sample[figure] / samples[peer][i][figure]));
}

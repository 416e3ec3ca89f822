// Kills a control plane at random moments of a mixed load (KV, transactions, config entries, catalog, sessions and locks, CA),
// starts it again on the same files, and looks for every write that was acknowledged, and for halves of those that were not.
//   npm run torture [-- --rounds 200 --writes 150]
// Exits with 1 if anything is missing, half there, or reported as damaged.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { ROOT, withBundles } from './bundled.mjs';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '200' }, writes: { type: 'string', default: '150' } } });
const SOURCE = 'test/control/torture/torture.ts';
const define = { 'import.meta.url': JSON.stringify(pathToFileURL(join(ROOT, SOURCE)).href) };
await withBundles([SOURCE], { external: ['esbuild'], define }, async (bundle) => {
  const { torture } = await import(pathToFileURL(bundle).href);
  const began = performance.now();
  const rounds = Number(values.rounds);
  const onRound = (round, acknowledged) => {
    if (process.stdout.isTTY) process.stdout.write(`\r${round}/${rounds} kills, ${acknowledged} writes acknowledged `);
  };
  const result = await torture({ rounds, maxWrites: Number(values.writes), random: Math.random, onRound });
  const { acknowledged, unanswered, violations } = result;
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(
    `\r${rounds} kills in ${seconds} s: ${acknowledged} writes acknowledged, all there; of those under way ${unanswered.made} are there whole, ${unanswered.lost} not at all`.replace(
      ', all there',
      violations.length === 0 ? ', all there' : '',
    ),
  );
  for (const violation of violations) console.log(`VIOLATED ${violation}`);
  process.exitCode = violations.length > 0 ? 1 : 0;
});

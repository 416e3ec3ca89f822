// Sends hostile requests to every endpoint of the HTTP API: parameters, headers and bodies that nobody expects.
//   npm run fuzz:http [-- --count 10000 --seed 1 --mode open --mode denied]
// `open` is an agent without ACLs; in `denied` the sender has no token and nothing is allowed by default.
// Exits with 1 if an answer is missing or is an error that no Consul has, if an error changed something, or if a restart
// reads another state from the log than the one that was there, or if somebody without rights changes or learns something.
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { WITH_REQUIRE, withBundles } from './bundled.mjs';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '10000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    mode: { type: 'string', multiple: true, default: ['open', 'denied'] },
  },
});
await withBundles(['test/control/http/fuzz/run.ts'], { external: ['fast-check'], banner: WITH_REQUIRE }, async (bundle) => {
  const { fuzz } = await import(pathToFileURL(bundle).href);
  for (const mode of values.mode) {
    const began = performance.now();
    const { findings, statuses, replays } = await fuzz(Number(values.count), Number(values.seed), mode);
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    const restart = `a restart reads ${replays ? 'the same' : 'ANOTHER STATE'}`;
    console.log(`${mode}: ${values.count} requests, seed ${values.seed}, ${seconds} s; ${findings.length} to look at; ${restart}`);
    for (const [status, times] of [...statuses].sort(([a], [b]) => a - b))
      console.log(`  ${String(times).padStart(6)}  ${status || 'no answer'}`);
    for (const finding of findings.slice(0, 40)) console.log(JSON.stringify(finding));
    if (findings.length > 0 || !replays) process.exitCode = 1;
  }
});

// Sends hostile HTTP/1 to the parser of the sidecars and to Node's own (llhttp), and compares what they make of it.
//   npm run fuzz:http1 [-- --count 100000 --seed 1]
// Exits with 1 if a sidecar accepts what llhttp's strict mode refuses, or reads another request.
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { withBundles } from './bundled.mjs';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
await withBundles(['test/proxy/http1/fuzz/run.ts'], {}, async (bundle) => {
  const { fuzz } = await import(pathToFileURL(bundle).href);
  const began = performance.now();
  const { findings, requests, refused, tolerated } = await fuzz(Number(values.count), Number(values.seed));
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`${values.count} inputs, seed ${values.seed}, ${seconds} s: ${requests} requests read, ${refused} inputs refused`);
  for (const [why, times] of Object.entries(tolerated)) console.log(`  tolerated ${times} times: ${why}`);
  console.log(`${findings.length} to look at`);
  for (const finding of findings.slice(0, 40)) console.log(JSON.stringify(finding));
  if (findings.length > 0) process.exitCode = 1;
});

// Sends hostile HTTP/1 to the parser of the sidecars and to Node's own (llhttp), and compares what they make of it.
//   npm run fuzz:http1 [-- --count 100000 --seed 1]
// Exits with 1 if a sidecar accepts what llhttp's strict mode refuses, or reads another request.
import { mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
const root = resolve(import.meta.dirname, '..');
const folder = mkdtempSync(join(root, 'node_modules/.fuzz-http1-'));
try {
  const outfile = join(folder, 'run.mjs');
  await build({
    entryPoints: [join(root, 'test/proxy/http1/fuzz/run.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'warning',
  });
  const { fuzz } = await import(pathToFileURL(outfile).href);
  const began = performance.now();
  const { findings, requests, refused, tolerated } = await fuzz(Number(values.count), Number(values.seed));
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`${values.count} inputs, seed ${values.seed}, ${seconds} s: ${requests} requests read, ${refused} inputs refused`);
  for (const [why, times] of Object.entries(tolerated)) console.log(`  tolerated ${times} times: ${why}`);
  console.log(`${findings.length} to look at`);
  for (const finding of findings.slice(0, 40)) console.log(JSON.stringify(finding));
  if (findings.length > 0) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

// Kills an instance, the agent and the data plane of a mesh under load, and edits its routes, its intentions and its root.
//   npm run drill [-- --away 30 --kills 3]
// `--away`: seconds until a new agent comes; `--kills`: how often the data plane is killed. Prints how many calls were answered,
// how many failed, and the longest time without an answer. Exits with 1 if a call failed, other than while there was no data plane.
import { mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const { values } = parseArgs({ options: { away: { type: 'string', default: '30' }, kills: { type: 'string', default: '3' } } });
const root = resolve(import.meta.dirname, '..');
const folder = mkdtempSync(join(root, 'dist-drill-'));
try {
  const outfile = join(folder, 'drill.mjs');
  await build({
    entryPoints: [join(root, 'test/e2e/drill/run.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'warning',
  });
  const { drill } = await import(pathToFileURL(outfile).href);
  const failed = await drill({
    program: join(root, 'bin/mesh.js'),
    awayMs: Number(values.away) * 1000,
    kills: Number(values.kills),
    print: (line) => console.log(line),
  });
  process.exitCode = failed.length > 0 ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

// Kills an instance, the agent and the data plane of a mesh under load, and edits its routes, its intentions and its root.
//   npm run drill [-- --away 30 --kills 3]
// `--away`: seconds until a new agent comes; `--kills`: how often the data plane is killed. Prints how many calls were answered,
// how many failed, and the longest time without an answer. Exits with 1 if a call failed, other than while there was no data plane.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { ROOT, withBundles } from './bundled.mjs';

const { values } = parseArgs({ options: { away: { type: 'string', default: '30' }, kills: { type: 'string', default: '3' } } });
await withBundles(['test/e2e/drill/run.ts'], {}, async (bundle) => {
  const { drill } = await import(pathToFileURL(bundle).href);
  const failed = await drill({
    program: join(ROOT, 'bin/mesh.js'),
    awayMs: Number(values.away) * 1000,
    kills: Number(values.kills),
    print: (line) => console.log(line),
  });
  process.exitCode = failed.length > 0 ? 1 : 0;
});

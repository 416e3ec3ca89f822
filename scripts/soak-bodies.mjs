// Sends bodies through two sidecars, each way, in HTTP/1.1 and HTTP/2, and prints how much memory their process takes meanwhile.
//   npm run soak:bodies [-- --gib 10 --most-mib 300]
// Exits with 1 if a byte is missing or the process has grown beyond the bound.
import { mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const { values } = parseArgs({ options: { gib: { type: 'string', default: '10' }, 'most-mib': { type: 'string', default: '300' } } });
const root = resolve(import.meta.dirname, '..');
const source = join(root, 'test/proxy/soak');
const folder = mkdtempSync(join(root, 'dist.soak-'));
const MIB = 1024 * 1024;
try {
  await build({
    entryPoints: [join(source, 'bodies.ts'), join(source, 'sidecars.ts')],
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // CommonJS packages of the test CA ask for node's modules.
    banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
    logLevel: 'warning',
  });
  const { soakBodies } = await import(pathToFileURL(join(folder, 'bodies.mjs')).href);
  await soakBodies(join(folder, 'sidecars.mjs'), Number(values.gib) * 1024 * MIB, (outcome) => {
    const { protocol, way, bytes, seconds, rssBytes, rssBytesBefore } = outcome;
    const speed = Math.round(bytes / MIB / seconds);
    console.log(
      `${protocol.padEnd(5)} ${way.padEnd(4)} ${bytes / 1024 / MIB} GiB in ${seconds.toFixed(1)} s, ${speed} MiB/s;`,
      `resident ${Math.round(rssBytesBefore / MIB)} -> at most ${Math.round(rssBytes / MIB)} MiB`,
    );
    if (rssBytes > Number(values['most-mib']) * MIB) process.exitCode = 1;
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}

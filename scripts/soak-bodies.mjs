// Sends bodies through two sidecars, each way, in HTTP/1.1 and HTTP/2, and prints how much memory their process takes meanwhile.
//   npm run soak:bodies [-- --gib 10 --most-mib 300]
// Exits with 1 if a byte is missing or the process has grown beyond the bound.
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { WITH_REQUIRE, withBundles } from './bundled.mjs';

const { values } = parseArgs({ options: { gib: { type: 'string', default: '10' }, 'most-mib': { type: 'string', default: '300' } } });
const MIB = 1024 * 1024;
await withBundles(['test/proxy/soak/bodies.ts', 'test/proxy/soak/sidecars.ts'], { banner: WITH_REQUIRE }, async (bodies, sidecars) => {
  const { soakBodies } = await import(pathToFileURL(bodies).href);
  await soakBodies(sidecars, Number(values.gib) * 1024 * MIB, (outcome) => {
    const { protocol, way, bytes, seconds, rssBytes, rssBytesBefore } = outcome;
    const speed = Math.round(bytes / MIB / seconds);
    console.log(
      `${protocol.padEnd(5)} ${way.padEnd(4)} ${bytes / 1024 / MIB} GiB in ${seconds.toFixed(1)} s, ${speed} MiB/s;`,
      `resident ${Math.round(rssBytesBefore / MIB)} -> at most ${Math.round(rssBytes / MIB)} MiB`,
    );
    if (rssBytes > Number(values['most-mib']) * MIB) process.exitCode = 1;
  });
});

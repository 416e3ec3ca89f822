import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { application, call, read, SidecarProcess, type Version, write } from './bodies.ts';

const MIB = 1024 * 1024;
const MOST_GROWTH = 32 * MIB;
const LOOK_MS = 50;

let folder: string;
let bundle: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mesh-bodies-'));
  bundle = join(folder, 'sidecars.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'sidecars.ts')],
    outfile: bundle,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
  });
});
afterAll(() => rm(folder, { recursive: true }));

/** Sends a body and reads it as it comes back, but not before all buffers on the way there and back are full. */
async function echo(version: Version, port: number, bytes: number): Promise<number> {
  const { up, down, close } = call(version, port, '/echo');
  let sent = 0;
  const written = write(up, bytes, (more) => {
    sent += more;
  });
  const answer = await down;
  for (let before = -1; before !== sent; ) {
    before = sent;
    await sleep(LOOK_MS);
  }
  const got = await read(answer);
  await written;
  close();
  return got;
}

describe('the process of two sidecars', () => {
  // Longer than what is held in the sockets of the kernel, which is 42 MiB in HTTP/1, and of which sidecars have no part.
  it.concurrent.each<[Version, number]>([
    ['http', 96 * MIB],
    ['http2', 48 * MIB],
  ])(
    'grows no further with a long body of %s, there and back, whose reader is late',
    async (version, bytes) => {
      const app = await application(version);
      const sidecars = await SidecarProcess.start(bundle, app.at.port, version);
      await echo(version, sidecars.port, 8 * MIB);
      const before = await sidecars.mostRss();
      expect(await echo(version, sidecars.port, bytes)).toBe(bytes);
      expect((await sidecars.mostRss()) - before).toBeLessThan(MOST_GROWTH);
      await sidecars.stop();
      await app.close();
    },
    60_000,
  );
});

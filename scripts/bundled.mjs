import { mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

/** Of the project. */
export const ROOT = resolve(import.meta.dirname, '..');

/**
 * Bundles TypeScript of the tests, paths from the root of the project, and hands over where each bundle lies; they are gone when `use`
 * has ended. They lie inside of the project, so that what `options` of esbuild leave out of them is found.
 */
export async function withBundles(sources, options, use) {
  const folder = mkdtempSync(join(ROOT, 'node_modules/.bundles-'));
  try {
    await build({
      entryPoints: Object.fromEntries(sources.map((source, i) => [`${i}`, join(ROOT, source)])),
      outdir: folder,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      logLevel: 'warning',
      ...options,
    });
    await use(...sources.map((_, i) => join(folder, `${i}.mjs`)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** CommonJS packages inside of a bundle ask for modules of Node. */
export const WITH_REQUIRE = { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" };

// Bundles every process's entry point into dist/. Bundling plus lazy imports decide how fast the command line starts.
import { readFile, rm } from 'node:fs/promises';
import { build } from 'esbuild';

const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));

await rm('dist', { recursive: true, force: true });
await build({
  entryPoints: {
    main: 'src/main.ts',
    agent: 'src/main/agent.ts',
    dataplane: 'src/main/dataplane.ts',
    'fake-service': 'src/main/fake-service.ts',
  },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  minifySyntax: true,
  minifyWhitespace: true,
  keepNames: false,
  sourcemap: false,
  legalComments: 'none',
  define: { __MESH_VERSION__: JSON.stringify(version) },
  // CommonJS dependencies (commander, yaml) call require for Node's own modules.
  banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
  logLevel: 'warning',
});

// Bundles every process's entry point into dist/. How modules are loaded decides how fast everything starts:
// the command line is split, so that a command loads only its own code; the long-lived processes are one CommonJS file each,
// which Node loads without starting its ES module loader (10 to 15 ms less for each).
import { copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { libraryTypes } from './library-types.mjs';
import { licencesOf, missingIn, packagesIn } from './packages.mjs';

const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));

// Beside the present one, which goes on working until this one is complete.
const outdir = `dist.${process.pid}`;

const common = {
  outdir,
  bundle: true,
  platform: 'node',
  target: 'node20',
  // Less text to parse at each start. A stack in a bug report is read with the source map of a build of the same version.
  minify: true,
  // The licences of what is bundled are put together below.
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
};
const source = resolve(import.meta.dirname, '../src');
const define = { __MESH_VERSION__: JSON.stringify(version) };

// Blueprints are read by the command line; what only reading needs (manifests, jobs, charts, templates, YAML) is imported when it is
// called, and the agent never calls it. Left out of its bundle, it is a third less text to parse at each start.
const withoutReading = {
  name: 'without-reading',
  setup({ onResolve }) {
    onResolve({ filter: /^\./ }, ({ kind, importer, path, resolveDir }) => {
      if (kind !== 'dynamic-import' || !/[\\/]src[\\/]blueprints[\\/]/.test(importer)) return undefined;
      const target = resolve(resolveDir, path);
      return /[\\/]src[\\/](?:kube|nomad|hcl|entries|docs|blueprints[\\/](?:helm|template))[\\/]/.test(target)
        ? { path, external: true }
        : undefined;
    });
  },
};

// Large parts that `mesh run` needs only for some blueprints, or on a terminal: they are files of their own.
const SELDOM = {
  'check-site': 'src/docs/check-site.ts',
  handlebars: 'src/blueprints/template/handlebars.ts',
  'job-files': 'src/nomad/job-files.ts',
  spinner: 'src/ui/spinner.ts',
};

// The agent needs these only where a program is restarted for its files, where ACLs are on, and where config entries are edited as text.
const LATER = {
  chokidar: 'chokidar',
  'config-text': 'src/control/http/config-text.ts',
  'jwt-method': 'src/control/acl/auth/jwt-method.ts',
  'kubernetes-method': 'src/control/acl/auth/kubernetes-method.ts',
  'policy-text': 'src/control/acl/policy-text.ts',
};

// The data plane needs it where intentions ask for tokens.
const WITH_TOKENS = { 'verify-token': 'src/proxy/jwt/verify-token.ts' };

const asFiles = (names) => ({
  name: 'as-files',
  setup({ onResolve }) {
    for (const name of names)
      onResolve({ filter: new RegExp(`(?:^|/)${name}(?:\\.ts)?$`) }, ({ kind }) =>
        kind === 'dynamic-import' ? { path: `./${name}.cjs`, external: true } : undefined,
      );
  },
});

// `mesh run` and `mesh agent` are what people wait for: each is one file with only its own code, in the same way as the processes.
// The other commands, which the same entry point imports when they are called, are left to the split bundle. `commands` are the
// files of the table whose code is in it; `seldom` what becomes files of their own.
const only = (commands, seldom) => ({
  name: 'only',
  setup({ onResolve }) {
    const inside = commands.map((file) => join('commands', file));
    for (const name of Object.keys(seldom))
      onResolve({ filter: new RegExp(`(?:^|/)${name}(?:\\.ts)?$`) }, ({ kind }) =>
        kind === 'dynamic-import' ? { path: `./${name}.cjs`, external: true } : undefined,
      );
    onResolve({ filter: /^\./ }, ({ kind, importer, path }) => {
      const from = relative(source, importer);
      const own =
        /\/(?:program|agent-process|errors)\.ts$/.test(path) ||
        (path === './app/cli/agent.ts' && inside.includes(join('commands', 'agent.ts')));
      const ofMain = from === 'main.ts' && !own;
      const ofAnotherCommand = dirname(from) === 'commands' && !inside.includes(from);
      return kind === 'dynamic-import' && (ofMain || ofAnotherCommand) ? { path, external: true } : undefined;
    });
  },
});

// Parts of Node that are slow to start and that most commands never call, though their code names them: each is loaded when
// something in it is used for the first time.
const LATE_IN_COMMANDS = ['node:child_process', 'node:crypto', 'node:fs/promises', 'node:timers/promises'];
// Plain sidecars need none of them to start: for HTTP/2, for metrics, traces and key sets, for access logs and certificates in files.
const LATE_IN_DATAPLANE = ['node:fs/promises', 'node:http', 'node:http2', 'node:https', 'node:v8'];

const lateParts = (parts) => ({
  name: 'late-parts',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:/ }, ({ path, namespace }) =>
      parts.includes(path) && namespace !== 'late' ? { path, namespace: 'late' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'late' }, async ({ path }) => {
      const names = Object.keys(await import(path)).filter((name) => name !== 'default');
      const getters = names.map((name) => `get ${name}() { return part().${name}; }`);
      return { contents: `let loaded; const part = () => (loaded ??= require('${path}')); module.exports = { ${getters.join(', ')} };` };
    });
  },
});

const processes = {
  ...common,
  define: { ...define, 'import.meta.url': '__url' },
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
  // Code that V8 has kept knows no loader to import with.
  supported: { 'dynamic-import': false },
  banner: { js: "const __url=require('node:url').pathToFileURL(__filename).href;" },
};

// Each is started by a line that runs its bundle with the code that V8 kept of it (src/main/cached.ts).
const STARTS = [];

function bundlesOf(entryPoints) {
  STARTS.push(...Object.keys(entryPoints));
  return Object.fromEntries(Object.entries(entryPoints).map(([name, path]) => [`${name}.bundle`, path]));
}

const bundles = [
  build({
    ...common,
    define,
    entryPoints: { main: 'src/main.ts' },
    splitting: true,
    format: 'esm',
    // CommonJS dependencies (commander, yaml) call require for Node's own modules.
    banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
  }),
  // What `import … from 'mesh'` loads: with what most meshes never need in files of its own.
  build({
    ...common,
    define,
    entryPoints: { library: 'src/main/library.ts' },
    chunkNames: 'library-[hash]',
    splitting: true,
    format: 'esm',
    banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
  }),
  // What only reads a blueprint has all its code in the bundle of `run`, too.
  build({
    ...processes,
    plugins: [only(['run.ts', 'validate.ts', 'program.ts'], SELDOM), lateParts(LATE_IN_COMMANDS)],
    entryPoints: bundlesOf({ run: 'src/main.ts' }),
  }),
  build({
    ...processes,
    plugins: [only(['agent.ts', 'program.ts'], { ...SELDOM, ...LATER }), withoutReading],
    entryPoints: bundlesOf({ 'agent-command': 'src/main.ts' }),
  }),
  build({ ...processes, entryPoints: { cached: 'src/main/cached.ts', ...SELDOM, ...LATER, ...WITH_TOKENS } }),
  build({
    ...processes,
    plugins: [asFiles(Object.keys(WITH_TOKENS)), lateParts(LATE_IN_DATAPLANE)],
    entryPoints: bundlesOf({ dataplane: 'src/main/dataplane.ts' }),
  }),
  build({
    ...processes,
    plugins: [withoutReading, asFiles(Object.keys(LATER))],
    entryPoints: bundlesOf({
      agent: 'src/main/agent.ts',
      'fake-service': 'src/main/fake-service.ts',
      docs: 'src/main/docs.ts',
      traces: 'src/main/traces.ts',
    }),
  }),
];
// The dashboard: what a page shows, and the libraries that only some need, are files that the browser asks for when it needs them.
bundles.push(
  build({
    ...common,
    outdir: join(outdir, 'ui'),
    platform: 'browser',
    target: 'es2023',
    format: 'esm',
    splitting: true,
    jsx: 'automatic',
    jsxImportSource: 'preact',
    entryPoints: { app: 'src/dashboard/main.tsx', style: 'src/dashboard/style.css' },
    chunkNames: '[name]-[hash]',
  }).then(async (built) => {
    await copyFile('src/dashboard/index.html', join(outdir, 'ui', 'index.html'));
    return built;
  }),
);
// The manual page is made from the commands, as their help is.
async function writeManual() {
  const code = resolve(outdir, 'man.mjs');
  const banner = { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" };
  await build({ ...common, define, outdir: undefined, outfile: code, entryPoints: ['src/main/man.ts'], format: 'esm', banner });
  const { manualPage } = await import(pathToFileURL(code).href);
  await mkdir(join(outdir, 'man'));
  await writeFile(join(outdir, 'man', 'mesh.1'), await manualPage(version));
  await rm(code);
}

try {
  const built = await Promise.all(bundles);
  await writeManual();
  const metafiles = built.map(({ metafile }) => metafile);
  const missing = missingIn(metafiles);
  if (missing.length > 0) throw new Error(`the package has no dependencies, and bundles import: ${missing.join(', ')}`);
  await writeFile(join(outdir, 'LICENSES.txt'), await licencesOf(packagesIn(metafiles)));
  await writeFile(join(outdir, 'library.d.ts'), await libraryTypes());
  for (const name of STARTS)
    await writeFile(join(outdir, `${name}.cjs`), `require('./cached.cjs').load(__dirname + '/${name}.bundle.cjs');\n`);
  await rm('dist', { recursive: true, force: true });
  await rename(outdir, 'dist');
} finally {
  await rm(outdir, { recursive: true, force: true });
}

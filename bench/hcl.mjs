// How long the language takes, beside its budgets and beside its peers (HashiCorp's own parsers, compiled to JavaScript).
//   npm run bench:hcl [-- --runs 10]
// CPU milliseconds, medians; processes where the first time counts. Never asserts: times depend on the machine, ratios less so.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '..');
const require = createRequire(import.meta.url);
const runs = Number(process.argv[process.argv.indexOf('--runs') + 1]) || 10;
const folder = mkdtempSync(join(tmpdir(), 'mesh-bench-'));
// A CA bundle in the environment costs 60 to 90 ms at each start of Node.
const { NODE_EXTRA_CA_CERTS: _, ...inherited } = process.env;
const env = { ...inherited, MESH_HOME: join(folder, 'home'), NO_COLOR: '1' };
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** Ten lines of a blueprint; `n` makes them different. */
const block = (n) => `container "app-${n}" {
  image { name = "nicholasjackson/fake-service:v0.24.2" }
  network { name = "network.local" }
  env_var = {
    NAME    = "app-\${var.region}-${n}"
    MESSAGE = upper("hello") # a comment
  }
  port { local = ${9090 + n} }
}

`;
/** The same many lines of a Consul file. */
const entry = (n) => `service {
  name = "app-${n}"
  port = ${9090 + n}
  meta = { version = "1" }
  connect {
    sidecar_service {
      proxy { upstreams = [{ destination_name = "x", local_bind_port = 1 }] }
    }
  }
}
`;
const lines = (count, ten) => Array.from({ length: count / 10 }, (_unused, n) => ten(n)).join('');

// In the form in which it is shipped: one minified CommonJS file.
const shipped = { hcl1: 'hcl1/index.ts', hcl2: 'hcl2/parse.ts', evaluator: 'hcl2/index.ts' };
for (const [name, path] of Object.entries(shipped)) {
  const entryPoints = { [name]: join(root, 'src/hcl', path) };
  await build({
    entryPoints,
    outdir: folder,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minify: true,
  });
}
const small = { hcl1: lines(30, entry), hcl2: lines(30, block) };
for (const [name, text] of Object.entries(small)) writeFileSync(join(folder, `${name}.txt`), text);

const readers = {
  hcl1: { own: ['hcl1.cjs', 'm.decodeHcl1({ name: "x", text })'], peer: 'js-hcl-parser', call: 'm.parse(text)' },
  hcl2: { own: ['hcl2.cjs', 'm.parseHcl2({ name: "x", text })'], peer: 'hcl2-parser', call: 'm.parseToObject(text)' },
};

/**
 * CPU milliseconds that a new process takes to load a module, and then to read a text for the first time. `kept`: with the
 * machine code that V8 made of it before, as the command line runs its bundle (src/main/cached.ts).
 */
function cold(module, call, text, kept = false) {
  const script = `const{existsSync,readFileSync,writeFileSync}=require('node:fs');const{Script}=require('node:vm');
const text=readFileSync(${JSON.stringify(text)},'utf8');const file=${JSON.stringify(module)};
const cpu=()=>{const{user,system}=process.cpuUsage();return(user+system)/1e3};
let code;const load=()=>{if(!${kept})return require(file);const cache=file+'.cache';
code=new Script('(function(module,require){'+readFileSync(file,'utf8')+'\\n})',{filename:file,...(existsSync(cache)?{cachedData:readFileSync(cache)}:{})});
const m={exports:{}};code.runInThisContext()(m,require);return m.exports};
const a=cpu();const m=load();const b=cpu();${call};const c=cpu();
if(${kept}&&!existsSync(file+'.cache'))writeFileSync(file+'.cache',code.createCachedData());process.stdout.write((b-a)+' '+(c-b))`;
  const once = () => {
    const { stdout, stderr, status } = spawnSync(process.execPath, ['-e', script], { env, encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    return stdout.split(' ').map(Number);
  };
  if (kept) once();
  const measured = Array.from({ length: runs }, once);
  return { load: Math.max(0, median(measured.map(([load]) => load)) - emptyLoad), first: median(measured.map(([, first]) => first)) };
}

/** What loading costs when there is nothing to load. */
let emptyLoad = 0;
writeFileSync(join(folder, 'empty.cjs'), '');

/** CPU milliseconds of one call in this process, after `before` calls that nobody counts. */
function warm(call, before, times) {
  for (let i = 0; i < before; i++) call();
  return median(
    Array.from({ length: times }, () => {
      const { user, system } = process.cpuUsage();
      call();
      const used = process.cpuUsage({ user, system });
      return (used.user + used.system) / 1e3;
    }),
  );
}

const rows = [];
const row = (figure, own, budget, peer, unit = 'ms') => {
  const beside =
    peer === undefined ? '' : `${peer.toFixed(peer < 10 ? 1 : 0)} ${unit}${own < 0.5 ? '' : ` (${(peer / own).toFixed(0)} x)`}`;
  rows.push([figure, `${own.toFixed(own < 10 ? 2 : 0)} ${unit}`, budget, beside]);
};

try {
  emptyLoad = cold(join(folder, 'empty.cjs'), '', join(folder, 'hcl2.txt')).load;
  for (const [dialect, { own, peer, call }] of Object.entries(readers)) {
    const text = join(folder, `${dialect}.txt`);
    const fresh = cold(join(folder, own[0]), own[1], text);
    const ours = cold(join(folder, own[0]), own[1], text, true);
    const theirs = cold(require.resolve(peer), call, text);
    row(`${dialect}: load the module, above an empty one`, ours.load, '5 ms', theirs.load);
    row(`${dialect}: 30 lines, first time`, ours.first, '10 ms', theirs.first);
    row(`${dialect}: load, when V8 has kept nothing`, fresh.load, '', theirs.load);
    row(`${dialect}: 30 lines then`, fresh.first, '', theirs.first);
    const module = require(join(folder, own[0]));
    const original = require(peer);
    const read = (source) => (dialect === 'hcl1' ? module.decodeHcl1 : module.parseHcl2)({ name: 'x', text: source });
    const readOriginal = (source) => (dialect === 'hcl1' ? original.parse(source) : original.parseToObject(source));
    const ten = dialect === 'hcl1' ? entry : block;
    row(
      `${dialect}: 30 lines, warm`,
      warm(
        () => {
          for (let i = 0; i < 10; i++) read(small[dialect]);
        },
        50,
        20,
      ) / 10,
      '2 ms',
      warm(() => readOriginal(small[dialect]), 3, 10),
    );
    const long = lines(5000, ten);
    row(
      `${dialect}: 5,000 lines, warm`,
      warm(() => read(long), 10, 10),
      '60 ms',
      warm(() => readOriginal(long), 0, 1),
    );
    const perLine = [10_000, 30_000, 100_000].map((count) => {
      const source = lines(count, ten);
      return (warm(() => read(source), 1, 5) / count) * 1e3;
    });
    row(`${dialect}: a line of 10,000`, perLine[0], '', undefined, 'µs');
    row(`${dialect}: a line of 30,000`, perLine[1], '', undefined, 'µs');
    row(`${dialect}: a line of 100,000`, perLine[2], `the same (${(perLine[2] / perLine[0]).toFixed(1)} x)`, undefined, 'µs');
  }
  row(
    'evaluator with all functions: load, above an empty one',
    cold(join(folder, 'evaluator.cjs'), '', join(folder, 'hcl2.txt'), true).load,
    '',
    undefined,
  );

  // A blueprint of 50 files, through the command as users type it.
  const blueprint = join(folder, 'fifty');
  mkdirSync(blueprint);
  writeFileSync(join(blueprint, 'base.hcl'), 'variable "region" { default = "eu" }\nnetwork "local" {\n  subnet = "10.5.0.0/16"\n}\n');
  for (let n = 1; n < 50; n++) writeFileSync(join(blueprint, `app-${n}.hcl`), block(n));
  const wall = (args) => {
    const start = process.hrtime.bigint();
    const { status, stderr, stdout } = spawnSync(process.execPath, args, { env, cwd: folder, encoding: 'utf8' });
    if (status !== 0) throw new Error(`${args.join(' ')}: ${stderr}${stdout}`);
    return Number(process.hrtime.bigint() - start) / 1e6;
  };
  const mesh = join(root, 'bin/mesh.js');
  wall([mesh, 'validate', 'fifty']);
  const pairs = Array.from({ length: runs }, () => ({ base: wall(['-e', '0']), own: wall([mesh, 'validate', 'fifty']) }));
  const ratio = median(pairs.map(({ base, own }) => own / base));
  const least = Math.min(...pairs.map(({ own }) => own)) / Math.min(...pairs.map(({ base }) => base));
  const wallTime = `${median(pairs.map(({ own }) => own)).toFixed(0)} ms (wall)`;
  rows.push(['mesh validate of 50 files', wallTime, '3 x node -e 0', `${ratio.toFixed(1)} x, of the fastest ${least.toFixed(1)} x`]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

const widths = [0, 1, 2].map((i) => Math.max(...rows.map((cells) => cells[i].length)));
console.log(`CPU ms, medians of ${runs}, Node ${process.versions.node}; the peers are js-hcl-parser (HCL 1) and hcl2-parser (HCL 2)`);
console.log(['figure'.padEnd(widths[0]), 'mesh'.padStart(widths[1]), 'budget'.padEnd(widths[2]), 'peer'].join('   '));
for (const [figure, own, budget, beside] of rows)
  console.log([figure.padEnd(widths[0]), own.padStart(widths[1]), budget.padEnd(widths[2]), beside].join('   '));
console.log('mesh plan over 1,000 resources: npm run bench:plan');

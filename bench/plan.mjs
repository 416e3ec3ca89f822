// How long `mesh plan` and `mesh validate` take over a large blueprint of which nothing runs: wall time of whole processes, medians.
//   npm run bench:plan [-- --resources 1000 --runs 5]
// Prints a table; budgets are in docs/performance.md. That planning against a full state takes no longer is a test
// (test/blueprints/plan.test.ts).
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const option = (name, standard) => Number(process.argv[process.argv.indexOf(`--${name}`) + 1]) || standard;
const resources = option('resources', 1000);
const runs = option('runs', 5);
const root = resolve(import.meta.dirname, '..');
const base = mkdtempSync(join(tmpdir(), 'mesh-bench-'));
const { NODE_EXTRA_CA_CERTS: _, ...inherited } = process.env;
const env = { ...inherited, MESH_HOME: join(base, 'home'), NO_COLOR: '1' };
const folder = join(base, 'shop');
mkdirSync(folder);

/** Files of 50 resources each: containers, some of which depend on the one before, and an output for every fourth. */
function write() {
  let file = ['network "local" {\n  subnet = "10.0.0.0/8"\n}\n'];
  for (let i = 1; i < resources; i++) {
    file.push(
      i % 4 === 0
        ? `output "address-${i}" { value = "http://app-${i - 1}:9090" }\n`
        : `container "app-${i}" {
  image { name = "nicholasjackson/fake-service:v0.24.2" }
  network { name = "network.local" }
${i % 4 === 2 ? `  depends_on = ["container.app-${i - 1}"]\n` : ''}  env_var = {
    NAME    = "app-${i}"
    MESSAGE = "hello"
  }
  port {
    local = 9090
    host  = ${20000 + i}
  }
}
`,
    );
    if (i % 50 === 49 || i === resources - 1) {
      writeFileSync(join(folder, `part-${String(i).padStart(6, '0')}.hcl`), file.join('\n'));
      file = [];
    }
  }
}

function time(args) {
  const start = process.hrtime.bigint();
  const result = spawnSync(process.execPath, args, { cwd: base, env, encoding: 'utf8', maxBuffer: 1e8 });
  if (result.status !== 0) throw new Error(`${args.join(' ')} exited with ${result.status}: ${result.stderr}`);
  return { ms: Number(process.hrtime.bigint() - start) / 1e6, out: result.stdout };
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const measure = (args) => Math.round(median(Array.from({ length: runs }, () => time(args).ms)));
const mesh = join(root, 'bin/mesh.js');

try {
  write();
  const rows = [['node -e 0', measure(['-e', '0'])]];
  rows.push([`mesh validate, ${resources} resources`, measure([mesh, 'validate', 'shop'])]);
  rows.push([`mesh plan, ${resources} to create`, measure([mesh, 'plan', 'shop', '--ports', 'auto'])]);
  for (const [what, ms] of rows) console.log(`${what.padEnd(40)} ${String(ms).padStart(6)} ms`);
} finally {
  rmSync(base, { recursive: true, force: true });
}

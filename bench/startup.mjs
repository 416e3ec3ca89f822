// Start-up times as a user feels them: whole processes, medians, and ratios to `node -e 0` measured in between.
//   npm run bench:startup [-- --runs 10]
// Prints a table; budgets are in docs/performance.md. Never asserts: times depend on the machine, ratios less so.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const runs = Number(process.argv[process.argv.indexOf('--runs') + 1]) || 10;
const cwd = mkdtempSync(join(tmpdir(), 'mesh-bench-'));
// A CA bundle in the environment costs 60 to 90 ms at each start of Node.
const { NODE_EXTRA_CA_CERTS: _, ...inherited } = process.env;
const env = { ...inherited, MESH_HOME: join(cwd, 'home'), NO_COLOR: '1' };
const mesh = join(root, 'bin/mesh.js');
// The shipped blueprint on a host port of its own, so that nothing else on this machine is in the way.
const PORT = 19090;
cpSync(join(root, 'blueprints/v2'), join(cwd, 'v2'), { recursive: true });
const web = join(cwd, 'v2/web.hcl');
writeFileSync(web, readFileSync(web, 'utf8').replace('host   = 9090', `host   = ${PORT}`));

/** Wall time of a process in milliseconds. Fails loudly: a figure of a failed run means nothing. */
function time(args) {
  const start = process.hrtime.bigint();
  const result = spawnSync(process.execPath, args, { cwd, env, encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`${args.join(' ')} exited with ${result.status}: ${result.stderr}`);
  return Number(process.hrtime.bigint() - start) / 1e6;
}

const baseline = () => time(['-e', '0']);
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** One request for the whole chain: resolves with whether web and payments both answered. */
function ask(port) {
  return new Promise((done) => {
    const request = get({ host: '127.0.0.1', port, agent: false }, (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => done(response.statusCode === 200 && body.includes('upstream_calls')));
    });
    request.on('error', () => done(false));
  });
}

/** From nothing to the first 200 through both sidecars, asked for every 2 ms beside the running command. */
async function runToFirstAnswer(port) {
  const start = process.hrtime.bigint();
  const child = spawn(process.execPath, [mesh, 'run', 'v2', '--http-port', '0', '--quiet'], {
    cwd,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const exited = new Promise((done) => child.once('exit', done));
  while (!(await ask(port))) await new Promise((done) => setTimeout(done, 2));
  const answered = Number(process.hrtime.bigint() - start) / 1e6;
  if ((await exited) !== 0) throw new Error('mesh run v2 failed');
  return { answered, returned: Number(process.hrtime.bigint() - start) / 1e6 };
}

function residentMiB() {
  const status = JSON.parse(execFileSync(process.execPath, [mesh, 'status', '--json'], { cwd, env, encoding: 'utf8' }));
  return [status.agent.pid, status.agent.dataplane.pid].map((pid) => {
    const match = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return Number(match[1]) / 1024;
  });
}

const figures = new Map();
const note = (name, value, base) => {
  const entry = figures.get(name) ?? { values: [], ratios: [] };
  entry.values.push(value);
  entry.ratios.push(value / base);
  figures.set(name, entry);
};

let resident = [];
for (let i = 0; i < runs; i++) {
  note('mesh --version', time([mesh, '--version']), baseline());
  const before = baseline();
  const { answered, returned } = await runToFirstAnswer(PORT);
  note('run v2 -> first 200', answered, before);
  note('run v2 (returns)', returned, before);
  time([mesh, 'config', 'write', 'v2/consul_service/payments_defaults.hcl']);
  note('mesh config read', time([mesh, 'config', 'read', '-kind', 'service-defaults', '-name', 'payments']), baseline());
  resident = residentMiB();
  note('destroy v2', time([mesh, 'destroy', 'v2', '--quiet']), baseline());
}
const bases = Array.from({ length: runs }, baseline);
console.log(`node -e 0: median ${median(bases).toFixed(0)} ms, Node ${process.versions.node}, ${runs} runs`);
console.log('figure                  median ms   min ms   x node -e 0   budget');
const budgets = { 'mesh --version': 2, 'run v2 -> first 200': 15, 'mesh config read': 3, 'destroy v2': 6 };
for (const [name, { values, ratios }] of figures) {
  const budget = budgets[name] === undefined ? '' : `${budgets[name]} x`;
  console.log(
    `${name.padEnd(22)}  ${median(values).toFixed(0).padStart(9)}  ${Math.min(...values)
      .toFixed(0)
      .padStart(7)}  ${median(ratios).toFixed(1).padStart(12)}   ${budget}`,
  );
}
console.log(
  `resident: agent ${resident[0].toFixed(0)} MiB + data plane ${resident[1].toFixed(0)} MiB = ${(resident[0] + resident[1]).toFixed(0)} MiB (budget 180)`,
);
rmSync(cwd, { recursive: true, force: true });

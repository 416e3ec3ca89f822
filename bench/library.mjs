// How long a mesh inside a test takes, as a test feels it: medians, beside `node -e 0`.
//   npm run bench:library [-- --runs 10]
// Needs dist. Never asserts: times depend on the machine, ratios less so.
import { execFileSync, spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const runs = Number(process.argv[process.argv.indexOf('--runs') + 1]) || 10;
const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;

const CODE = `{ services: [
  service('web', (_, { fetch }) => fetch('payments'), { upstreams: ['payments'] }),
  service('payments', () => new Response('paid'), { version: '1' }),
  service('payments', () => new Response('paid'), { version: '2' }),
] }`;

/** Runs a mesh in a process of its own, twice; prints the milliseconds of each step. */
const script = (options) => `
const t = [performance.now()];
const step = () => t.push(performance.now());
const { service, startMesh } = await import('mesh'); step();
const mesh = await startMesh(${options}); step();
await (await mesh.fetch('web')).text(); step();
await (await mesh.fetch('web')).text(); step();
await mesh.close(); step();
const second = await startMesh(${options}); step();
await second.close();
console.log(JSON.stringify(t.slice(1).map((at, i) => at - t[i])));`;

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

function node(args) {
  const start = process.hrtime.bigint();
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`exit ${status}: ${stderr}`);
  return { ms: Number(process.hrtime.bigint() - start) / 1e6, stdout };
}

function measure(name, options) {
  const all = Array.from({ length: runs }, () => {
    const { ms, stdout } = node(['--input-type=module', '-e', script(options)]);
    return [...JSON.parse(stdout), ms];
  });
  const steps = ['import', 'startMesh', 'first call', 'next call', 'close', 'next startMesh', 'whole process'];
  const row = Object.fromEntries(steps.map((step, i) => [step, Math.round(median(all.map((times) => times[i])) * 10) / 10]));
  return { mesh: name, ...row };
}

execFileSync(process.execPath, ['-e', '0'], { env });
const nothing = median(Array.from({ length: runs }, () => node(['-e', '0']).ms));
console.table([
  { mesh: 'node -e 0', 'whole process': Math.round(nothing * 10) / 10 },
  measure('3 instances in code', CODE),
  measure('blueprint v2', "{ blueprint: 'v2' }"),
]);

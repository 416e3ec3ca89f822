// Compares both readers of HCL with HashiCorp's own on mutants of this project's files and of the probes.
//   npm run fuzz:hcl [-- --count 10000 --seed 1 --dialect hcl2 --show]
// Each batch has a process of its own: the originals, compiled to JavaScript, can be crashed for good by one text.
// Exits with 1 if something crashes, takes too long, or differs for a reason that test/hcl/fuzz/disagreements.ts does not name.
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '10000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    dialect: { type: 'string', multiple: true, default: ['hcl1', 'hcl2'] },
    show: { type: 'boolean', default: false },
  },
});
const count = Number(values.count);
const seed = Number(values.seed);
/** Texts of one process. */
const BATCH = 500;
/** What one text may take, in both readers. */
const LIMIT_MS = 10_000;

const root = resolve(import.meta.dirname, '..');
// Inside of the project, so that the originals are found.
const folder = mkdtempSync(join(root, 'node_modules/.fuzz-hcl-'));
await build({
  entryPoints: ['worker', 'texts'].map((name) => join(root, `test/hcl/fuzz/${name}.ts`)),
  outdir: folder,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  outExtension: { '.js': '.mjs' },
  define: { 'import.meta.dirname': JSON.stringify(join(root, 'test/hcl')) },
  logLevel: 'warning',
});
const { fuzzTexts } = await import(pathToFileURL(join(folder, 'texts.mjs')).href);

/** Runs texts in a process; resolves with an answer for each, `hang` and `crash` included. */
function runBatch(dialect, texts) {
  return new Promise((done) => {
    const answers = [];
    const child = fork(join(folder, 'worker.mjs'), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    let timer;
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => end('hang'), LIMIT_MS);
    };
    const end = (result) => {
      clearTimeout(timer);
      child.removeAllListeners();
      child.kill('SIGKILL');
      if (result) answers.push({ index: answers.length, ms: LIMIT_MS, result });
      done(answers);
    };
    child.on('message', (answer) => {
      if (answer.done) return end();
      answers.push(answer);
      wait();
      // An original that has panicked may be broken from then on.
      if (answer.last) end();
    });
    child.on('exit', () => end('crash'));
    wait();
    child.send({ dialect, texts });
  });
}

async function runDialect(dialect) {
  const texts = fuzzTexts(dialect, count, seed);
  const tally = new Map();
  const failures = [];
  let slowest = 0;
  for (let from = 0; from < texts.length; ) {
    const batch = texts.slice(from, from + BATCH);
    const answers = await runBatch(dialect, batch);
    for (const answer of answers) {
      tally.set(answer.result, (tally.get(answer.result) ?? 0) + 1);
      slowest = Math.max(slowest, answer.ms);
      if (['crash', 'hang', 'unexplained'].includes(answer.result)) failures.push({ text: texts[from + answer.index], ...answer });
    }
    from += answers.length;
    process.stderr.write(`\r${dialect}: ${from} of ${texts.length}, ${failures.length} to look at `);
  }
  process.stderr.write('\n');
  console.log(`${dialect}: ${texts.length} mutants, seed ${seed}, slowest ${slowest.toFixed(0)} ms`);
  for (const [result, times] of [...tally].sort((a, b) => b[1] - a[1])) console.log(`  ${String(times).padStart(6)}  ${result}`);
  for (const failure of values.show ? failures : failures.slice(0, 5)) console.log(JSON.stringify(failure));
  return failures.length;
}

let failed = 0;
try {
  for (const dialect of values.dialect) failed += await runDialect(dialect);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failed > 0 ? 1 : 0;

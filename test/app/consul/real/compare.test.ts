import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findConsul, type RealServer, runReal, startRealServer } from './consul.ts';
import { runOurs, writeFiles } from './ours.ts';
import { SCENARIOS, type Step } from './scenario.ts';
import { plain, transcript, transcriptFile } from './transcript.ts';
import { splitWords } from './words.ts';

/**
 * The same commands, typed at a real Consul's command line and at ours, each with a real server of its own: same streams, same
 * texts, same exit codes. Skipped where no consul binary is on PATH or named by CONSUL_BIN.
 */
const binary = findConsul();
const skipped = binary === undefined;
const title = skipped ? '%s: not compared, for no consul binary is on PATH or in CONSUL_BIN' : '%s';

interface Side {
  readonly server: RealServer;
  readonly cwd: string;
}

let root: string;
let theirs: Side;
let ours: Side;
beforeAll(async () => {
  if (binary === undefined) return;
  root = await mkdtemp(join(tmpdir(), 'mesh-compare-'));
  const open = async (name: string): Promise<Side> => {
    const cwd = join(root, name);
    await writeFiles(cwd);
    return { server: await startRealServer(binary), cwd };
  };
  [theirs, ours] = await Promise.all([open('theirs'), open('ours')]);
}, 30_000);
afterAll(async () => {
  if (skipped) return;
  await Promise.all([theirs.server[Symbol.asyncDispose](), ours.server[Symbol.asyncDispose]()]);
  await rm(root, { recursive: true });
});

describe.skipIf(skipped).each(Object.entries(SCENARIOS))(title, (name, steps) => {
  const said: string[] = [];
  afterAll(() => {
    if (process.env['UPDATE_GOLDEN'] !== undefined) writeFileSync(transcriptFile(name), said.join('\n'));
  });

  it.each(steps.map((step): Step => (typeof step === 'string' ? { line: step } : step)))('consul $line', async (step) => {
    const argv = splitWords(step.line);
    const env = (side: Side) => ({ CONSUL_HTTP_ADDR: side.server.address, CONSUL: binary! });
    const [real, own] = await Promise.all([
      runReal(binary!, argv, { cwd: theirs.cwd, env: env(theirs), ...(step.stdin === undefined ? {} : { stdin: step.stdin }) }),
      runOurs(argv, { cwd: ours.cwd, env: env(ours), ...(step.stdin === undefined ? {} : { stdin: step.stdin }) }),
    ]);
    const expected = plain(real, theirs.server.ports);
    said.push(transcript(step, expected));
    if (step.differs === undefined) expect(plain(own, ours.server.ports)).toEqual(expected);
    else expect(own.code).toBe(real.code);
  });
});

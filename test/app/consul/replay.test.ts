import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestApi, type TestApi } from '../../control/http/api.ts';
import { runOurs, writeFiles } from './real/ours.ts';
import { SCENARIOS, type Step } from './real/scenario.ts';
import { plain, transcript, transcriptFile } from './real/transcript.ts';
import { splitWords } from './real/words.ts';

/** Our commands with our own agent say what a real Consul 1.8.7's commands said of a real agent. */
const REPLAYED = ['kv', 'catalog', 'agent', 'services', 'intention', 'snapshot', 'exec', 'lock', 'watch', 'events'];

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'mesh-replay-'));
  await writeFiles(cwd);
});
afterAll(() => rm(cwd, { recursive: true }));

/** Their handlers call the command line again, which only a binary can be. */
const callsItself = ({ line }: Step): boolean => line.includes('$CONSUL"');

describe.each(REPLAYED)('%s', (name) => {
  const steps = SCENARIOS[name]!.map((step): Step => (typeof step === 'string' ? { line: step } : step));
  const recorded = readFileSync(transcriptFile(name), 'utf8').split(/(?<=^rc=.*\n)\n/m);
  let api: TestApi;
  beforeAll(async () => {
    api = await openTestApi({ nodeName: 'dev1', compat: '1.8' });
  });
  afterAll(() => api[Symbol.asyncDispose]());

  it('has a transcript of every step', () => {
    expect(recorded.map((text) => text.split('\n', 1)[0])).toEqual(
      steps.map((step) => transcript(step, { code: 0, out: '', err: '' }).split('\n', 1)[0]),
    );
  });

  it.each(steps.map((step, i) => ({ ...step, i })).filter((step) => !callsItself(step)))('consul $line', async ({ i, ...step }) => {
    const { line, stdin, differs, agent } = step;
    const env = { CONSUL_HTTP_ADDR: api.address };
    const ran = await runOurs(splitWords(line), { cwd, env, ...(stdin === undefined ? {} : { stdin }) });
    const said = transcript(step, plain(ran, [Number(api.address.split(':')[1])]));
    if (differs === undefined && agent === undefined) expect(said).toBe(recorded[i]);
    else if (agent === undefined) expect(said.split('\n').at(-2)).toBe(recorded[i]!.split('\n').findLast((text) => text.startsWith('rc=')));
  });
});

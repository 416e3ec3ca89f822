import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestApi, type TestApi } from '../../control/http/api.ts';
import { runOurs, writeFiles } from './real/ours.ts';
import { REPLAYED, type Recorded, recordedSteps } from './real/replay.ts';
import { plain, transcript } from './real/transcript.ts';
import { splitWords } from './real/words.ts';

/** Our commands with our own agent say what a real Consul 1.8.7's commands said of a real agent. */
let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'mesh-replay-'));
  await writeFiles(cwd);
});
afterAll(() => rm(cwd, { recursive: true }));

/** Their handlers call the command line again, which only a binary can be. */
const callsItself = ({ line }: Recorded): boolean => line.includes('$CONSUL"');

describe.each(REPLAYED)('%s', (name) => {
  let api: TestApi;
  beforeAll(async () => {
    api = await openTestApi({ nodeName: 'dev1', compat: '1.8' });
  });
  afterAll(() => api[Symbol.asyncDispose]());

  it.each(recordedSteps(name).filter((step) => !callsItself(step)))('consul $line', async ({ said, ...step }) => {
    const { line, stdin, differs, agent } = step;
    const ran = await runOurs(splitWords(line), { cwd, env: { CONSUL_HTTP_ADDR: api.address }, ...(stdin === undefined ? {} : { stdin }) });
    const own = transcript(step, plain(ran, [Number(api.address.split(':')[1])]));
    if (differs === undefined && agent === undefined) expect(own).toBe(said);
    else if (agent === undefined) expect(exitOf(own)).toBe(exitOf(said));
  });
});

const exitOf = (text: string): string | undefined => text.split('\n').findLast((line) => line.startsWith('rc='));

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestApi, type TestApi } from '../../../control/http/api.ts';
import { findConsul, runReal } from './consul.ts';
import { writeFiles } from './ours.ts';
import { REPLAYED, type Recorded, recordedSteps } from './replay.ts';
import { plain, transcript } from './transcript.ts';
import { splitWords } from './words.ts';

/**
 * A real Consul's command line with our own agent behind it: it says what it said of a real agent. Catalog, health, keys with
 * locks and semaphores, sessions, config entries, intentions, events, snapshots, watches with handlers. Skipped where no consul
 * binary is on PATH or named by CONSUL_BIN.
 */
const binary = findConsul();
const skipped = binary === undefined;
const title = skipped ? '%s: not tried, for no consul binary is on PATH or in CONSUL_BIN' : '%s';

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'mesh-real-cli-'));
  await writeFiles(cwd);
});
afterAll(() => rm(cwd, { recursive: true }));

describe.skipIf(skipped).each(REPLAYED)(title, (name) => {
  let api: TestApi;
  beforeAll(async () => {
    api = await openTestApi({ nodeName: 'dev1', compat: '1.8' });
  });
  afterAll(() => api[Symbol.asyncDispose]());

  it.each(recordedSteps(name))('consul $line', async ({ said, ...step }: Recorded) => {
    const env = { CONSUL_HTTP_ADDR: api.address, CONSUL: binary! };
    const ran = await runReal(binary!, splitWords(step.line), { cwd, env, ...(step.stdin === undefined ? {} : { stdin: step.stdin }) });
    // What ours says differently on purpose, the real one says as recorded.
    if (step.agent === undefined) expect(transcript(step, plain(ran, [Number(api.address.split(':')[1])]))).toBe(said);
  });
});

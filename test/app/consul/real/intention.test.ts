import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestApi, type TestApi } from '../../../control/http/api.ts';
import { findConsul, type Ran, runReal } from './consul.ts';

/*
 * What the command line of a real Consul 1.8.7 said of intentions in its own server: `$ consul …`, lines of standard output
 * (`1| `) and of standard error (`2| `), `rc=`. It says the same of our agent (`compat: '1.8'`).
 * (What ours says: replay.test.ts.)
 */
interface Step {
  readonly line: string;
  readonly words: readonly string[];
  readonly stdin: string;
  readonly said: string;
}

const steps = readFileSync(new URL('../../../fixtures/consul-1.8.7/cli-intention.txt', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n\n$ consul ')
  .map((part): Step => {
    const [line = '', ...answer] = part.replace(/^\$ consul /, '').split('\n');
    const [command = '', input = ''] = line.split('   <<< ');
    return { line, words: command.trim().split(' '), stdin: input.replaceAll('\\', ''), said: plain(answer.join('\n')) };
  });

/** Ids and times are others each time. */
function plain(text: string): string {
  return text
    .replace(/[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}/g, 'UUID')
    .replace(/\w+day, \d\d-\w{3}-\d\d [\d:]{8} UTC/g, 'TIME')
    .trimEnd();
}

function transcriptOf({ code, out, err }: Ran): string {
  const lines = (text: string, mark: string): string[] =>
    text === ''
      ? []
      : text
          .replace(/\n$/, '')
          .split('\n')
          .map((line) => `${mark}| ${line}`);
  return plain([...lines(out, '1'), ...lines(err, '2'), `rc=${code}`].join('\n'));
}

const consul = findConsul();

const title = `its command line, with our agent${consul === undefined ? ' (skipped: none on PATH, nor in CONSUL_BIN)' : ''}`;

describe.skipIf(consul === undefined)(title, () => {
  let api: TestApi;
  let cwd: string;
  beforeAll(async () => {
    [api, cwd] = await Promise.all([openTestApi({ nodeName: 'dev1', compat: '1.8' }), mkdtemp(join(tmpdir(), 'mesh-intention-'))]);
    await writeFile(join(cwd, 'int.json'), '{"SourceName":"f1","DestinationName":"f2","Action":"allow"}');
    await writeFile(join(cwd, 'bad.hcl'), 'Kind = "x"');
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
    await rm(cwd, { recursive: true });
  });

  it.each(steps)('consul $line', async ({ words, stdin, said }) => {
    const ran = await runReal(consul!, words, { cwd, env: { CONSUL_HTTP_ADDR: api.address }, stdin });
    expect(transcriptOf(ran)).toBe(said);
  });
});

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runConsul } from '../../../../src/app/consul/top.ts';
import { testIo } from '../../../commands/io.ts';
import { findConsul, type Ran, type RealServer, runReal, startRealServer } from './consul.ts';
import { FILES, firstLine, SCENARIOS, type Step } from './scenario.ts';
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
    for (const [path, text] of Object.entries(FILES)) {
      await mkdir(dirname(join(cwd, path)), { recursive: true });
      await writeFile(join(cwd, path), text);
    }
    return { server: await startRealServer(binary), cwd };
  };
  [theirs, ours] = await Promise.all([open('theirs'), open('ours')]);
}, 30_000);
afterAll(async () => {
  if (skipped) return;
  await Promise.all([theirs.server[Symbol.asyncDispose](), ours.server[Symbol.asyncDispose]()]);
  await rm(root, { recursive: true });
});

async function runOurs(argv: readonly string[], { server, cwd }: Side, stdin = ''): Promise<Ran> {
  const io = testIo({
    cwd,
    env: { CONSUL_HTTP_ADDR: server.address, PATH: process.env['PATH'] },
    stdin: () => Promise.resolve(stdin),
    stdinBytes: () => Promise.resolve(Buffer.from(stdin)),
  });
  const code = await runConsul(argv, io, 'consul');
  return { code, ...io.written };
}

/** What differs between two servers that did the same. */
function plain({ code, out, err }: Ran, { server }: Side): Ran {
  const text = (raw: string): string =>
    server.ports
      .reduce((rest, port, i) => rest.replaceAll(String(port), `<port ${i}>`), raw)
      .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<uuid>')
      .replace(/((?:Create|Modify)Index"?:? +)\d+/g, '$1<index>')
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
      .replace(/\w+day, \d\d-\w{3}-\d\d [\d:]+ UTC/g, '<time>');
  // What follows are flags and help, in our own words.
  const explained = /^Usage:/m.test(err) || /^Usage:/m.test(out);
  return { code, out: explained ? '' : text(out), err: explained ? firstLine(text(err)) : text(err) };
}

describe.skipIf(skipped).each(Object.entries(SCENARIOS))(title, (_, steps) => {
  it.each(steps.map((step): Step => (typeof step === 'string' ? { line: step } : step)))(
    'consul $line',
    async ({ line, stdin, differs }) => {
      const argv = splitWords(line);
      const [real, own] = await Promise.all([
        runReal(binary!, argv, {
          cwd: theirs.cwd,
          env: { CONSUL_HTTP_ADDR: theirs.server.address },
          ...(stdin === undefined ? {} : { stdin }),
        }),
        runOurs(argv, ours, stdin),
      ]);
      if (differs === undefined) expect(plain(own, ours)).toEqual(plain(real, theirs));
      else expect(own.code).toBe(real.code);
    },
  );
});

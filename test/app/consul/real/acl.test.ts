import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runConsul } from '../../../../src/app/consul/top.ts';
import { testIo } from '../../../commands/io.ts';
import { ACL_SCENARIOS, type AclStep } from './acl-scenario.ts';
import { findConsul, type Ran, type RealServer, runReal, startRealServer } from './consul.ts';
import { splitWords } from './words.ts';

/** As compare.test.ts, with ACLs. Our side prints as 1.8 does. */
const binary = findConsul();
const skipped = binary === undefined;
const title = skipped ? '%s: not compared, for no consul binary is on PATH or in CONSUL_BIN' : '%s';

const TOKEN = 'c4d0f8df-3aba-4ab6-a7a0-35b760dc29a1';
const HCL = `acl { enabled = true default_policy = "deny" tokens { master = "${TOKEN}" agent = "${TOKEN}" } }`;

interface Side {
  readonly server: RealServer;
  readonly cwd: string;
  readonly saved: Map<string, string>;
}

let root: string;
let theirs: Side;
let ours: Side;
beforeAll(async () => {
  if (binary === undefined) return;
  root = await mkdtemp(join(tmpdir(), 'mesh-compare-acl-'));
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString();
  const method = { JWTValidationPubKeys: [key], BoundIssuer: 'me', BoundAudiences: ['c'], ClaimMappings: { sub: 'name' } };
  const files = {
    'rules.hcl': 'service "web" { policy = "write" }\n',
    'jwt.json': JSON.stringify(method),
    'jp.pem': key,
    empty: '',
    'g.txt': 'no',
  };
  const open = async (name: string): Promise<Side> => {
    const cwd = join(root, name);
    await mkdir(cwd);
    for (const [path, text] of Object.entries(files)) await writeFile(join(cwd, path), text);
    const server = await startRealServer(binary, { hcl: HCL, token: TOKEN });
    return { server, cwd, saved: new Map() };
  };
  [theirs, ours] = await Promise.all([open('theirs'), open('ours')]);
}, 30_000);
afterAll(async () => {
  if (skipped) return;
  await Promise.all([theirs.server[Symbol.asyncDispose](), ours.server[Symbol.asyncDispose]()]);
  await rm(root, { recursive: true });
});

async function runOurs(argv: readonly string[], { server, cwd }: Side): Promise<Ran> {
  const io = testIo({ cwd, env: { CONSUL_HTTP_ADDR: server.address, CONSUL_HTTP_TOKEN: TOKEN, MESH_COMPAT: '1.8' } });
  const code = await runConsul(argv, io, 'consul');
  return { code, ...io.written };
}

function plain({ code, out, err }: Ran): Ran {
  const named = (id: string): string => (id.startsWith('00000000') ? id : '<uuid>');
  const text = (raw: string): string =>
    raw
      .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, named)
      .replace(/((?:Create|Modify) ?Index"?:? +)\d+/g, '$1<index>')
      .replace(/(Hash: +)[0-9a-f]{64}/g, '$1<hash>')
      .replace(/("Hash": ")[^"]+/g, '$1<hash>')
      .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)? \+0000 UTC/g, '<time>')
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>');
  const explained = /^Usage:/m.test(err) || /^Usage:/m.test(out);
  return { code, out: explained ? '' : text(out), err: explained ? firstLine(text(err)) : text(err) };
}

/** Below a wrong flag stands a list of flags, in our own words. */
const firstLine = (text: string): string => /^(?:.*\n)?/.exec(text)![0];

/** Lists are in the order of their random ids. */
const sorted = (line: string, ran: Ran): Ran => (/ list\b/.test(line) ? { ...ran, out: ran.out.split('\n').toSorted().join('\n') } : ran);

describe.skipIf(skipped).each(Object.entries(ACL_SCENARIOS))(title, (_, steps) => {
  it.each(steps.map((step): AclStep => (typeof step === 'string' ? { line: step } : step)))('consul $line', async ({ line, saves }) => {
    const words = (side: Side) => splitWords(line.replace(/\{(\w+)\}/g, (_match, name: string) => side.saved.get(name) ?? name));
    const [real, own] = await Promise.all([
      runReal(binary!, words(theirs), {
        cwd: theirs.cwd,
        env: { CONSUL_HTTP_ADDR: theirs.server.address, CONSUL_HTTP_TOKEN: TOKEN },
      }),
      runOurs(words(ours), ours),
    ]);
    if (saves !== undefined)
      for (const [side, { out }] of [[theirs, real] as const, [ours, own] as const])
        side.saved.set(saves, /^(?:AccessorID|ID): +(.*)$/m.exec(out)![1]!);
    expect(sorted(line, plain(own))).toEqual(sorted(line, plain(real)));
  });
});

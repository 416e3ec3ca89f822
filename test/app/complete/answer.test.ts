import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerLine, answerShell } from '../../../src/app/complete/answer.ts';
import { COMMANDS } from '../../../src/commands/table.ts';
import { everyCommand } from '../../commands/every.ts';
import { testIo } from '../../commands/io.ts';
import { temporaryFolder } from '../../drivers/fixture/folder.ts';
import { ODD_KEY, someAgent } from './known.ts';

let agent: Awaited<ReturnType<typeof someAgent>>;
beforeAll(async () => {
  agent = await someAgent();
});
afterAll(() => agent[Symbol.asyncDispose]());

/** A home in which the agent answers. */
function withAgent(): Record<string, string> {
  const home = temporaryFolder();
  mkdirSync(join(home, 'run'));
  symlinkSync(join(agent.env['RPC_FOLDER']!, 'agent.sock'), join(home, 'run', 'agent.sock'));
  return { MESH_HOME: home, CONSUL_HTTP_ADDR: agent.env['CONSUL_HTTP_ADDR']! };
}

const NO_AGENT = { MESH_HOME: '/nonexistent/mesh', CONSUL_HTTP_ADDR: '127.0.0.1:1' };

async function ask(words: readonly string[], env: Record<string, string> = NO_AGENT, shell = 'zsh') {
  const io = testIo({ env });
  expect(await answerShell([shell, ...words], io, COMMANDS)).toBe(0);
  expect(io.written.err).toBe('');
  const [how, ...lines] = io.written.out.split('\n').slice(0, -1);
  return { how, words: lines.map((line) => line.split('\t')[0]), abouts: lines.map((line) => line.split('\t')[1]) };
}

/** Words of a line, of which the last is being typed. */
const typed = (line: string): string[] => line.split(' ');

describe('without an agent', () => {
  it.each([
    ['consul kv ', ['delete', 'export', 'get', 'import', 'put']],
    ['consul kv ex', ['export']],
    ['consul key', ['keygen', 'keyring']],
    ['consul operator autopilot s', ['set-config', 'state']],
    ['consul -v', ['-version']],
    ['consul kv get -det', ['-detailed']],
    ['consul kv get -http', ['-http-addr']],
    ['/usr/local/bin/consul catalog nodes -serv', ['-service']],
    ['consul nosuch ', []],
    ['consul kv get ', []],
    ['consul config read -kind service-r', ['service-resolver', 'service-router']],
    ['consul config read -kind=mes', ['-kind=mesh']],
    ['consul monitor -log-level w', ['warn']],
    ['mesh consul kv ex', ['export']],
    ['mesh kv ex', ['export']],
    ['mesh agent st', ['stop']],
    ['mesh val', ['validate']],
    ['mesh status --js', ['--json']],
    ['mesh status --json --js', []],
    ['mesh run --ports ', ['auto', 'fixed']],
    ['mesh run --ports=a', ['--ports=auto']],
    ['mesh run --timeout 3s v', ['v1', 'v2', 'v3', 'v4', 'v5']],
    ['mesh run v2 ', []],
    ['mesh blueprints copy v', ['v1', 'v2', 'v3', 'v4', 'v5']],
    ['mesh help agent ', ['restart', 'stop']],
    ['mesh help nosuch ', []],
    ['mesh logs ', ['access', 'agent', 'dataplane']],
    ['mesh completion z', ['zsh']],
    ['mesh destroy ', []],
  ])('%s', async (line, words) => {
    expect((await ask(typed(line))).words).toEqual(words);
  });

  it('all commands come first, each with what it is', async () => {
    const { how, words, abouts } = await ask(typed('mesh '));
    expect(how).toBe('words');
    expect(words).toEqual([...COMMANDS.map(({ name }) => name), 'help'].toSorted());
    expect(abouts[words.indexOf('status')]).toBe('Show what runs: workloads, services, sidecars, ports');
  });

  it.each([
    ['mesh config write ', 'files'],
    ['mesh config write -http-addr x ./sh', 'files'],
    ['mesh kv get -ca-path=/etc', 'folders'],
    ['mesh fmt ', 'files'],
    ['mesh init ', 'folders'],
    ['mesh exec web -- ', 'files'],
    ['mesh status ', 'words'],
  ])('paths are left to the shell: %s', async (line, how) => {
    expect((await ask(typed(line))).how).toBe(how);
  });

  it('the options of every command of ours are offered', async () => {
    for (const { path, command } of everyCommand().filter((one) => one.command.grammar === 'mesh')) {
      const { words } = await ask(['mesh', ...path.split(' '), '--']);
      const options = (command.options ?? []).map(({ flags }) => flags.match(/--[\w-]+/)?.[0] ?? flags);
      expect(words, path).toEqual([...options, '--help'].toSorted());
    }
  });
});

describe('with an agent', () => {
  it.each([
    ['mesh intention create -deny ', ['consul', 'payments', 'web']],
    ['mesh intention create -deny web p', ['payments']],
    ['mesh status ', ['consul', 'migrate', 'payments', 'web', 'web-0']],
    ['mesh destroy ', ['v2']],
    ['mesh run --replace ', ['v2']],
    ['mesh taint container.', ['container.payments']],
    ['mesh push some/image ', ['k8s_cluster.k3s']],
    ['mesh output ', ['WEB_ADDR']],
    ['mesh metrics ', ['dc1/web-1', 'web']],
    ['mesh config read -kind service-defaults -name ', ['payments', 'web']],
    ['mesh config delete -name= -kind service-defaults -name=w', ['-name=web']],
    ['mesh config read -kind nosuch -name ', []],
    ['mesh catalog nodes -near dev', ['dev1', 'dev2']],
    ['mesh catalog services -datacenter ', ['dc1', 'east']],
    ['mesh acl token create -policy-name ', ['readers']],
    ['mesh kv get w', ['web/']],
    ['mesh kv get web/', ['web/deep/', 'web/limit']],
    ['mesh peering read -name ', []],
  ])('%s', async (line, words) => {
    expect((await ask(typed(line), withAgent())).words).toEqual(words);
  });

  it('what goes on in the same word gets no blank', async () => {
    expect((await ask(typed('mesh scale '), withAgent())).how).toBe('words nospace');
    expect((await ask(typed('mesh kv get w'), withAgent())).how).toBe('words nospace');
  });

  it('keys are asked for a level at a time, with the address and the token of the line', async () => {
    const { CONSUL_HTTP_ADDR: address, ...env } = withAgent();
    await ask(typed(`mesh kv get -http-addr=${address} -token secret web/`), env);
    expect(agent.asked.at(-1)).toBe('/v1/kv/web/?keys=&separator=%2F secret');
  });

  it('names that can not be typed are not offered, and others are as they are', async () => {
    expect((await ask(typed('mesh kv get '), withAgent())).words).toEqual(['co:lon', 'colour', ODD_KEY, 'web/']);
  });

  it('bash gets them so that they mean nothing to it, and of a word only what it replaces', async () => {
    const bash = async (line: string, current: string) => (await ask([line, `${line.length}`, current], withAgent(), 'bash')).words;
    const plain = 'odd\\ key\\ \\$\\(touch\\ pwned\\)\\ \\`x\\`\\ \\"it\\\'s\\"\\ é';
    expect(await bash('mesh kv get odd', 'odd')).toEqual([plain]);
    expect(await bash('mesh kv get "odd', 'odd')).toEqual(['odd key \\$(touch pwned) \\`x\\` \\"it\'s\\" é']);
    expect(await bash('mesh kv get co:', '')).toEqual(['lon']);
    expect(await bash('mesh config read -kind=ser', 'ser')).toContain('service-defaults');
  });
});

describe('`complete -C`', () => {
  async function nextWords(line: string, point?: number, current = ''): Promise<string[]> {
    const io = testIo({ env: { ...NO_AGENT, COMP_LINE: line, ...(point === undefined ? {} : { COMP_POINT: String(point) }) } });
    expect(await answerLine(['consul', current, ''], io, COMMANDS)).toBe(0);
    return io.written.out.split('\n').slice(0, -1);
  }

  it('gets words alone, and looks at nothing behind the cursor', async () => {
    expect(await nextWords('consul kv export', 'consul k'.length, 'k')).toEqual(['keygen', 'keyring', 'kv']);
    expect(await nextWords('mesh kv ex', undefined, 'ex')).toEqual(['export']);
    expect(await nextWords('consul config read -kind=mes', undefined, 'mes')).toEqual(['mesh']);
  });
});

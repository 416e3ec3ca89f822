// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are a shell's variables
import { symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { env } from '../../../src/app/cli/env.ts';
import { output } from '../../../src/app/cli/output.ts';
import type { StatusReport } from '../../../src/app/rpc/status.ts';
import type { Input } from '../../../src/commands/command.ts';
import { workspace } from '../../blueprints/workspace.ts';
import { type TestIo, testIo } from '../../commands/io.ts';
import { openRpc } from '../rpc/open.ts';
import { healthy } from './report.ts';

type UseCase = (input: Input, io: TestIo) => Promise<number>;

/** Runs a command in the home of an agent that has this status. */
async function call(command: UseCase, input: Partial<Input>, report: StatusReport): Promise<{ out: string; err: string }> {
  await using server = await openRpc({ status: () => Promise.resolve(report) });
  const home = workspace({});
  symlinkSync(dirname(server.path), join(home, 'run'));
  const io = testIo({ env: { MESH_HOME: home } });
  expect(await command({ args: [], options: {}, ...input }, io)).toBe(0);
  return io.written;
}

const outputs = { URL: 'http://localhost:9090', PORTS: [9090, 8500], 'not-for-shells': 'x', PRICE: '$5 "`id`" \\' };
const report: StatusReport = { ...healthy, outputs };

describe('mesh output', () => {
  it('prints all as JSON', async () => {
    expect(JSON.parse((await call(output, {}, report)).out)).toEqual(outputs);
  });

  it.each([
    ['URL', 'http://localhost:9090\n'],
    ['url', 'http://localhost:9090\n'],
    ['PORTS', '[9090,8500]\n'],
  ])('prints %s bare', async (name, expected) => {
    expect((await call(output, { args: [name] }, report)).out).toBe(expected);
  });

  it('fails for a name that is none, with the nearest one', async () => {
    await expect(call(output, { args: ['PORT'] }, report)).rejects.toMatchObject({ code: 'failed', hint: 'did you mean "PORTS"?' });
    await expect(call(output, { args: ['x'] }, { ...healthy, outputs: {} })).rejects.toMatchObject({ hint: 'what runs has no outputs' });
  });

  it.each<[string, UseCase]>([
    ['output', output],
    ['env', env],
  ])('fails where nothing runs, as mesh %s does', async (_name, command) => {
    await expect(command({ args: [], options: {} }, testIo())).rejects.toMatchObject({ code: 'failed', message: 'nothing is running' });
    await expect(call(command, {}, { ...healthy, blueprints: [] })).rejects.toMatchObject({ code: 'failed' });
  });
});

describe('mesh env', () => {
  it("tells Consul's own clients where the agent is", async () => {
    const say = async (address: string | undefined, options = {}) => {
      const io = testIo({ agentHttpAddress: () => address });
      await env({ args: [], options: { consul: true, ...options } }, io);
      return io.written.out;
    };
    expect(await say('127.0.0.1:8500')).toBe('export CONSUL_HTTP_ADDR="http://127.0.0.1:8500"\n');
    expect(await say('unix:///run/x.sock')).toBe('export CONSUL_HTTP_ADDR="unix:///run/x.sock"\n');
    expect(await say('127.0.0.1:8500', { unset: true })).toBe('unset CONSUL_HTTP_ADDR\n');
    await expect(say(undefined)).rejects.toMatchObject({ code: 'failed', message: 'no agent is running' });
  });

  const set = [
    { name: 'KUBECONFIG', value: '${HOME}/.kube/$USER' },
    { name: 'EVIL', value: '$(id) `id` "x" $5' },
  ];
  const withEnv: StatusReport = { ...report, blueprints: [{ ...healthy.blueprints[0]!, metadata: { env: set } }] };

  it('prints what blueprints set, then their outputs, for a shell to read', async () => {
    const { out, err } = await call(env, {}, withEnv);
    expect(out.split('\n')).toEqual([
      'export KUBECONFIG="${HOME}/.kube/$USER"',
      'export EVIL="\\$(id) \\`id\\` \\"x\\" $5"',
      'export URL="http://localhost:9090"',
      'export PORTS="[9090,8500]"',
      'export PRICE="\\$5 \\"\\`id\\`\\" \\\\"',
      '',
    ]);
    expect(err).toBe('"not-for-shells" is left out: a shell has no such variables\n');
  });

  it('prints what takes them away', async () => {
    expect((await call(env, { options: { unset: true } }, withEnv)).out).toBe(
      'unset KUBECONFIG\nunset EVIL\nunset URL\nunset PORTS\nunset PRICE\n',
    );
  });
});

import { describe, expect, it, onTestFinished } from 'vitest';
import { exec } from '../../../src/app/cli/exec.ts';
import { createHome, homeOf } from '../../../src/app/home.ts';
import type { Io } from '../../../src/app/io.ts';
import { createRpcServer, type Handlers } from '../../../src/app/rpc/server.ts';
import { ofGeneration } from '../../../src/base/generation.ts';
import { workspace } from '../../blueprints/workspace.ts';
import { type TestIo, testIo } from '../../commands/io.ts';
import { healthy, workload } from './report.ts';

const pod = (name: string, container: string) => workload(`${name}`, { id: `k8s_config.web/${name}/${container}` });

const report = {
  ...healthy,
  workloads: [workload('payments'), pod('web-0', 'app'), pod('web-0', 'log'), pod('web-1', 'app')],
};

/** Runs `mesh exec` with an agent that has the report above, and answers with a plan that tells what was asked. */
async function running(
  args: string[],
  options: Record<string, string> = {},
  more: Partial<Io> = {},
  status = report,
): Promise<{ io: TestIo; code: number; lent: unknown[] }> {
  const root = workspace({});
  const home = homeOf({ MESH_HOME: root }, '/');
  await createHome(home);
  const handlers: Partial<Handlers> = {
    status: () => Promise.resolve(status),
    exec: ({ params: { id, generation, command } }) =>
      Promise.resolve({ command: [...command], env: { SECRET: 'x', ID: ofGeneration(id, generation), TERM: 'dumb' }, cwd: '/run' }),
  };
  const rpc = createRpcServer(handlers as Handlers, { version: '1', onBug: () => undefined });
  await new Promise<void>((resolve) => rpc.server.listen(home.agentSocket, resolve));
  onTestFinished(() => void rpc.server.close());
  const lent: unknown[] = [];
  const lend: Io['lend'] = async (command, { env, cwd }) => {
    lent.push({ command, env, cwd });
    return 3;
  };
  const io = testIo({ env: { MESH_HOME: root, TERM: 'xterm', HOME: '/home/me' }, lend, ...more });
  return { code: await exec({ args, options }, io), io, lent };
}

describe('mesh exec', () => {
  it('lends the terminal to what the agent says, and returns its exit code', async () => {
    const { code, lent, io } = await running(['payments', 'cat', '-n', '/config/a']);
    expect(code).toBe(3);
    expect(lent).toEqual([
      { command: ['cat', '-n', '/config/a'], env: { SECRET: 'x', ID: 'container.payments', TERM: 'xterm' }, cwd: '/run' },
    ]);
    expect(io.written).toEqual({ out: '', err: '' });
  });

  it('runs a shell by default', async () => {
    expect((await running(['container.payments'])).lent).toMatchObject([{ command: ['sh'] }]);
  });

  it.each([
    ['web-0', {}, 'k8s_config.web/web-0/app', 'beside k8s_config.web/web-0/app; others: k8s_config.web/web-0/log\n'],
    ['web-0', { container: 'log' }, 'k8s_config.web/web-0/log', ''],
    ['web-0/log', {}, 'k8s_config.web/web-0/log', ''],
    ['web-1', {}, 'k8s_config.web/web-1/app', ''],
    ['web', { container: 'log' }, 'k8s_config.web/web-0/log', ''],
  ] as const)('of %s %j is beside %s', async (name, options, id, said) => {
    const { lent, io } = await running([name, 'true'], options);
    expect(lent).toMatchObject([{ env: { ID: id } }]);
    expect(io.written.err).toBe(said);
  });

  it('names what there is', async () => {
    await expect(running(['paymets'])).rejects.toMatchObject({
      code: 'failed',
      message: 'nothing called "paymets" runs here',
      hint: 'did you mean "payments"?',
    });
    await expect(running(['nothing-like-it'])).rejects.toMatchObject({ hint: 'there are: payments, web-0, web-1, web' });
    await expect(running(['web-0'], { container: 'lag' })).rejects.toMatchObject({
      message: 'web-0 has no container "lag"',
      hint: 'did you mean "log"?',
    });
  });

  it('says as a shell would that a program is missing', async () => {
    const missing = (code: string) => ({ lend: () => Promise.reject(Object.assign(new Error(code), { code })) });
    const { code, io } = await running(['payments', 'jq'], {}, missing('ENOENT'));
    expect([code, io.written.err]).toEqual([127, 'jq: not found; programs are those of this machine\n']);
    expect((await running(['payments', './x'], {}, missing('EACCES'))).code).toBe(126);
  });

  it('needs something that runs', async () => {
    await expect(exec({ args: ['web'], options: {} }, testIo())).rejects.toMatchObject({ code: 'failed', message: 'nothing is running' });
  });

  it('is beside the one of two of the same name that it says', async () => {
    const workloads = [workload('payments', { owners: ['v1'] }), workload('payments', { owners: ['v2'], generation: 2 })];
    const both = await running(['payments', 'true'], {}, {}, { ...report, workloads });
    expect(both.lent).toMatchObject([{ env: { ID: 'container.payments' } }]);
    expect(both.io.written.err).toBe('beside container.payments (v1); others: container.payments (v2)\n');
    const later = await running(['container.payments', 'true'], {}, {}, { ...report, workloads: workloads.slice(1) });
    expect(later.lent).toMatchObject([{ env: { ID: 'container.payments~2' } }]);
    expect(later.io.written.err).toBe('');
  });
});

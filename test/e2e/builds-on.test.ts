import { expect, it } from 'vitest';
import { get, Workspace } from './harness.ts';

it('a blueprint brings up what it builds on, keeps it, and leaves it as it was', { timeout: 60_000 }, async () => {
  await using mesh = new Workspace();
  const first = await mesh.mesh('run', 'v3', '--http-port', '0', '--ports', 'auto', '--json');
  expect(first, first.stderr).toMatchObject({ code: 0 });
  expect(JSON.parse(first.stdout)).toMatchObject({
    blueprint: { name: 'v3', buildsOn: [{ name: 'v2' }] },
    first: [{ name: 'v2' }],
    status: { blueprints: [{ name: 'v2' }, { name: 'v3', buildsOn: ['v2'] }] },
  });
  const { agent, ingresses } = await mesh.status();
  mesh.env['CONSUL_HTTP_ADDR'] = agent.http;
  const url = ingresses[0]!.url.replace('localhost', '127.0.0.1');
  const called = async (path: string) => Object.values((await get(`${url}${path}`)).upstream_calls ?? {}).map(({ name }) => name);
  expect(await called('/currency')).toEqual(['currency']);

  const refused = {
    code: 1,
    stderr: 'error: v2 stays: v3 builds on it; nothing was changed\nhint: `mesh destroy v3` first, or `mesh destroy` for everything\n',
  };
  expect(await mesh.mesh('destroy', 'v2')).toMatchObject(refused);
  // Whoever comes after an agent that was killed knows it, too.
  process.kill(mesh.agentPid(), 'SIGKILL');
  expect(await mesh.mesh('destroy', 'v2')).toMatchObject(refused);

  const pids = async () =>
    (await mesh.status()).workloads.filter(({ owners }) => owners.includes('v2')).map(({ name, pid }) => [name, pid]);
  const before = await pids();
  expect(await mesh.mesh('destroy', 'v3')).toMatchObject({ code: 0, stdout: 'v3 is gone; still running: v2\n' });
  expect(await mesh.mesh('config', 'list', '-kind', 'service-router')).toMatchObject({ stdout: '' });
  expect(await called('/currency')).toEqual(['payments']);
  const plan = await mesh.mesh('plan', 'v3', '--json');
  expect(JSON.parse(plan.stdout)).toMatchObject({ first: [], summary: { create: 4, keep: 0 } });
  expect(await mesh.mesh('run', 'v3')).toMatchObject({ code: 0, stderr: expect.not.stringContaining('comes first') });
  expect(await called('/currency')).toEqual(['currency']);
  expect(await pids()).toEqual(before);
});

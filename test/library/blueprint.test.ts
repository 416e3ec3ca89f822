import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Mesh, type MeshError, service, startMesh } from '../../src/main/library.ts';

const root = join(import.meta.dirname, '../..');

describe('a blueprint inside a test', () => {
  let mesh: Mesh;
  beforeAll(async () => {
    mesh = await startMesh({ blueprint: 'v2', services: [service('extra', () => new Response('made in code'))] });
  });
  afterAll(() => mesh.close());

  it('runs, and is called through the mesh', async () => {
    const answer = (await (await mesh.fetch('web')).json()) as { name: string; upstream_calls: object };
    expect(answer.name).toBe('web');
    expect(JSON.stringify(answer.upstream_calls)).toContain('"name":"payments"');
    expect(mesh.upstream('web', 'payments')).toMatch(/:9091$/);
    expect(await (await mesh.fetch('extra')).text()).toBe('made in code');
  });

  it('is changed as one that was built in code', async () => {
    await mesh.intention('web', 'payments', 'deny');
    await expect(mesh.fetch('payments', '/', { from: 'web' })).rejects.toThrow('payments closed the connection without an answer to web');
    await mesh.deleteIntention('web', 'payments');
    expect((await mesh.fetch('payments', '/', { from: 'web' })).status).toBe(200);
  });

  it('has programs that can be killed, and come back', async () => {
    await mesh.kill('payments');
    await mesh.waitFor(async () => (await mesh.fetch('payments')).ok, { timeout: '15s' });
    await expect(mesh.kill('paymnts')).rejects.toMatchObject({
      message: 'no program of this mesh is called paymnts',
      hint: 'did you mean "payments"?',
    });
  });
});

it('says what is wrong with a blueprint, and where', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mesh-blueprint-'));
  await writeFile(join(folder, 'web.hcl'), 'container "web" {\n  imge { name = "x" }\n}\n');
  const error = (await startMesh({ blueprint: folder }).catch((thrown: unknown) => thrown)) as MeshError;
  await rm(folder, { recursive: true });
  expect(error).toMatchObject({ name: 'MeshError', code: 'invalid' });
  expect(error.message).toMatch(/web\.hcl:2:3: .*imge.*\(.*image/);
  await expect(startMesh({ variables: { a: 1 } })).rejects.toThrow('variables are those of a blueprint');
});

it('ends with the process that started it, even if that is killed', async () => {
  const script = `import { startMesh } from 'mesh';
    const mesh = await startMesh({ blueprint: 'v2' });
    await mesh.fetch('web');
    console.log(process.env.TMPDIR);`;
  const folder = await mkdtemp(join(tmpdir(), 'mesh-killed-'));
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: root,
    env: { ...process.env, TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const [home] = readdirSync(folder);
  const runDir = join(folder, home!, 'run');
  const pids = readdirSync(runDir).filter((name) => name.endsWith('.pid'));
  const groups = pids.map((name) => Number(readFileSync(join(runDir, name), 'utf8')));
  expect(groups.length).toBeGreaterThanOrEqual(2);
  child.kill('SIGKILL');
  await expect.poll(() => existsSync(join(folder, home!)), { timeout: 10_000 }).toBe(false);
  await expect.poll(() => groups.filter(isAlive), { timeout: 10_000 }).toEqual([]);
  await rm(folder, { recursive: true });
  expect(dirname(runDir)).toContain('mesh-test-');
});

function isAlive(group: number): boolean {
  try {
    process.kill(-group, 0);
    return true;
  } catch {
    return false;
  }
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
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
      message: 'no program of this mesh is called paymnts\nhint: did you mean "payments"?',
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

describe('meshes of several processes at once, of which none is closed', () => {
  const ENDS = ['process.exit(0)', "throw new Error('on purpose')", "process.kill(process.pid, 'SIGKILL')"];
  /** Says that both meshes answer, waits for a word, and ends without a word to them. */
  const scriptOf = (end: string): string => `import { service, startMesh } from 'mesh';
    const [shipped, code] = await Promise.all([
      startMesh({ blueprint: 'v2' }),
      startMesh({ services: [service('web', (_, { fetch }) => fetch('payments'), { upstreams: ['payments'] }), service('payments', () => new Response('paid'))] }),
    ]);
    const { name } = await (await shipped.fetch('web')).json();
    console.log(name, await (await code.fetch('web')).text());
    await new Promise((resolve) => process.stdin.once('data', resolve));
    ${end};`;

  it('run side by side, and end with their processes, however these end', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mesh-unclosed-'));
    const children = ENDS.map((end) =>
      spawn(process.execPath, ['--input-type=module', '-e', scriptOf(end)], {
        cwd: root,
        env: { ...process.env, TMPDIR: folder },
        stdio: ['pipe', 'pipe', 'ignore'],
      }),
    );
    onTestFinished(() => {
      for (const child of children) child.kill('SIGKILL');
    });
    const said = await Promise.all(children.map(({ stdout }) => once(stdout, 'data')));
    expect(said.map(String)).toEqual(ENDS.map(() => 'web paid\n'));

    const homes = readdirSync(folder);
    expect(homes).toHaveLength(ENDS.length); // a mesh that is built in code has no file
    const groups = homes.flatMap((home) => {
      const run = join(folder, home, 'run');
      const pids = readdirSync(run).filter((name) => name.endsWith('.pid'));
      return pids.map((name) => Number(readFileSync(join(run, name), 'utf8')));
    });
    expect(groups.length).toBeGreaterThanOrEqual(2 * ENDS.length);
    expect(groups.every(isAlive)).toBe(true);

    for (const { stdin } of children) stdin.end('go\n');
    await expect.poll(() => readdirSync(folder), { timeout: 20_000 }).toEqual([]);
    await expect.poll(() => groups.filter(isAlive), { timeout: 20_000 }).toEqual([]);
    expect(children.map(({ exitCode, signalCode }) => exitCode ?? signalCode)).toEqual([0, 1, 'SIGKILL']);
    await rm(folder, { recursive: true });
  });
});

function isAlive(group: number): boolean {
  try {
    process.kill(-group, 0);
    return true;
  } catch {
    return false;
  }
}

import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Workspace } from './harness.ts';

const BLUEPRINT = resolve(import.meta.dirname, 'jumppad');

interface Result {
  readonly outputs: Record<string, unknown>;
  readonly status: { readonly ingresses: readonly { readonly id: string; readonly url: string }[] };
}

async function run(mesh: Workspace): Promise<{ outputs: Record<string, unknown>; urlOf: (name: string) => string }> {
  const outcome = await mesh.mesh('run', 'shop', '--http-port', '0', '--ports', 'auto', '--json');
  expect(outcome, outcome.stderr).toMatchObject({ code: 0 });
  const { outputs, status } = JSON.parse(outcome.stdout) as Result;
  return { outputs, urlOf: (name) => status.ingresses.find((one) => one.id === name)!.url };
}

describe("a blueprint in Jumppad's language", () => {
  it('runs in one go: scripts feed templates, others are called, readers are checked', async () => {
    await using mesh = new Workspace();
    const folder = join(mesh.cwd, 'shop');
    cpSync(BLUEPRINT, folder, { recursive: true });
    const { outputs, urlOf } = await run(mesh);
    expect(outputs).toMatchObject({ token: 'abc123', status: 200, leaf: 'web-leaf.cert' });
    expect(readFileSync(join(folder, 'made/config.txt'), 'utf8')).toBe('token = "abc123"\nname  = web\naddr  = 10.66.0.10\n');
    for (const name of ['root.key', 'root.pub', 'root.ssh', 'root.cert', 'web-leaf.key', 'web-leaf.cert'])
      expect([name, existsSync(join(folder, 'certs', name))]).toEqual([name, true]);
    expect(await (await fetch(urlOf('ingress.web'))).text()).toMatch(/hello from [a-z]+-[a-z]+/);
    expect(String(outputs['ingress'])).toBe(urlOf('ingress.web').replace('http://localhost', '127.0.0.1'));

    // A task of the book, which really looks whether it is done.
    const site = urlOf('docs.site');
    expect(await (await fetch(site)).text()).toContain('data-task="task.file"');
    const act = async (action: string) => {
      const headers = { Origin: site, 'X-Mesh-Docs': '1' };
      const response = await fetch(`${site}/_docs/tasks/task.file/${action}`, { method: 'POST', headers });
      return (await response.json()) as { passed: boolean; conditions: { message?: string }[] };
    };
    expect(await act('check')).toMatchObject({ passed: false, conditions: [{ message: 'Make it' }] });
    expect(await act('solve')).toMatchObject({ passed: true });
    expect(existsSync(join(folder, 'made/file'))).toBe(true);

    // What was chosen by chance stays; what is not secret is shown, and nothing else.
    const before = await (await fetch(urlOf('container.web'))).json();
    const main = readFileSync(join(folder, 'main.hcl'), 'utf8');
    writeFileSync(join(folder, 'main.hcl'), main.replace('abc123', 'abc456'));
    expect((await run(mesh)).outputs).toMatchObject({ token: 'abc456' });
    expect(readFileSync(join(folder, 'made/config.txt'), 'utf8')).toContain('token = "abc456"');
    const after = await (await fetch(urlOf('container.web'))).json();
    expect((after as { body: string }).body).toBe((before as { body: string }).body);
    const { stdout } = await mesh.mesh('status');
    expect(stdout).not.toContain('abc456 >>');
    await mesh.mesh('destroy');
    expect(existsSync(join(folder, 'made/config.txt'))).toBe(false);
  });
});

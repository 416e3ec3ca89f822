import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { silentLog } from '../../../src/base/ports.ts';
import type { SiteScript } from '../../../src/docs/tasks.ts';
import { startDocs } from '../../../src/images/docs/server.ts';

const script = (text: string, more: Partial<SiteScript> = {}): SiteScript => ({ command: ['sh', '-c', text], timeoutMs: 5000, ...more });

async function site() {
  const folder = mkdtempSync(join(tmpdir(), 'mesh-tasks-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'index.mdx'), '# Start\n\n<Task id="task.a">\n</Task>\n\n<Task id="task.none" />\n');
  const file = join(folder, 'done');
  const condition = {
    id: 'file',
    description: 'There is a <file>',
    check: [script(`test -f ${file}`, { failureMessage: 'Make it', successMessage: 'Well done' })],
    solve: [script(`touch ${file}`)],
    setup: [script(`echo setup >> ${folder}/log`)],
    cleanup: [script(`echo cleanup >> ${folder}/log`)],
  };
  const none = { solve: [], setup: [], cleanup: [] };
  const tasks = {
    'task.a': { title: 'First', prerequisites: [], conditions: [condition] },
    'task.b': {
      title: 'Second',
      prerequisites: ['task.a'],
      conditions: [
        { ...none, id: 'slow', description: 'x', check: [script('sleep 30', { timeoutMs: 100 })] },
        { ...none, id: 'beside', description: 'x', check: [script('ls', { target: 'container.web', workingDirectory: '/files' })] },
      ],
    },
  };
  const mesh = ['sh', '-c', 'echo "$@"; exit 1', 'mesh'];
  const settings = { title: 'T', pages: [], tasks };
  const server = await startDocs({ folder, settings, mesh, address: '127.0.0.1', port: 0, log: silentLog });
  onTestFinished(() => server.close());
  const base = `http://localhost:${server.port}`;
  const post = (path: string, headers: Record<string, string> = { Origin: base, 'X-Mesh-Docs': '1' }) =>
    fetch(`${base}/_docs/tasks/${path}`, { method: 'POST', headers });
  return { base, port: server.port, file, folder, post };
}

describe('tasks of a site', () => {
  it('are a checklist, whose scripts are not sent', async () => {
    const { base } = await site();
    const html = await (await fetch(base)).text();
    expect(html).toContain('<section class="task" data-task="task.a"><p class="title">First</p><ul><li data-condition="file">');
    expect(html).toContain('There is a &lt;file&gt;');
    expect(html).toContain('data-action="solve"');
    expect(html).not.toContain('test -f');
    expect(html).not.toContain('task.none');
  });

  it('are checked and solved for real, setup before, cleanup once after', async () => {
    const { base, post, file, folder } = await site();
    expect(await (await post('task.b/check')).json()).toEqual({ passed: false, message: 'First: First', conditions: [] });
    expect(await (await post('task.a/check')).json()).toEqual({
      passed: false,
      message: 'Not yet',
      conditions: [{ id: 'file', passed: false, message: 'Make it' }],
    });
    expect(existsSync(file)).toBe(false);
    const solved = { passed: true, message: 'Done', conditions: [{ id: 'file', passed: true, message: 'Well done' }] };
    expect(await (await post('task.a/solve')).json()).toEqual(solved);
    expect(await (await post('task.a/check')).json()).toEqual(solved);
    expect(await (await fetch(`${base}/_docs/tasks`)).json()).toEqual({ 'task.a': solved });
    const { readFileSync } = await import('node:fs');
    expect(readFileSync(join(folder, 'log'), 'utf8')).toBe('setup\ncleanup\n');
    const { conditions } = (await (await post('task.b/check')).json()) as { conditions: { message: string }[] };
    expect(conditions.map(({ message }) => message)).toEqual([
      'It did not end within 0.1 s',
      'exec container.web -- sh -c cd "$0" && exec "$@" /files sh -c ls',
    ]);
  });

  it('run for pages of this site only', async () => {
    const { base, port, post, file } = await site();
    expect((await post('task.a/solve', { 'X-Mesh-Docs': '1' })).status).toBe(403);
    expect((await post('task.a/solve', { Origin: 'http://evil.example', 'X-Mesh-Docs': '1' })).status).toBe(403);
    expect((await post('task.a/solve', { Origin: base })).status).toBe(403);
    const foreign = await new Promise<number | undefined>((resolve, reject) => {
      const headers = { Host: `evil.example:${port}`, Origin: `http://evil.example:${port}`, 'X-Mesh-Docs': '1' };
      const sent = request({ port, host: '127.0.0.1', path: '/_docs/tasks/task.a/solve', method: 'POST', headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      sent.on('error', reject);
      sent.end();
    });
    expect(foreign).toBe(403);
    expect((await fetch(`${base}/_docs/tasks/task.a/solve`)).status).toBe(405);
    expect((await post('constructor/check')).status).toBe(404);
    expect(existsSync(file)).toBe(false);
  });
});

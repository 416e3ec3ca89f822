import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '../../../src/base/ports.ts';
import { Problems } from '../../../src/images/docs/problems.ts';
import { type DocsServer, startDocs } from '../../../src/images/docs/server.ts';

const root = mkdtempSync(join(tmpdir(), 'mesh-docs-'));
const folder = join(root, 'docs');
let server: DocsServer;

beforeAll(async () => {
  mkdirSync(join(folder, 'assets'), { recursive: true });
  mkdirSync(join(folder, '.git'));
  const page = (id: string, text: string) => `---\nid: ${id}\ntitle: Title of ${id}\nsidebar_label: ${id}\n---\n${text}\n`;
  writeFileSync(join(folder, 'index.md'), page('index', 'first\n\n## One\n\n## Two\n'));
  writeFileSync(join(folder, 'service_mesh.md'), page('service_mesh', '<script>alert(1)</script>\n'));
  writeFileSync(join(folder, 'unlisted.md'), page('unlisted', 'x'));
  writeFileSync(join(folder, 'assets/a.png'), 'png');
  writeFileSync(join(folder, 'assets/a.html'), '<script>alert(1)</script>');
  writeFileSync(join(folder, '.git/config'), 'secret');
  writeFileSync(join(root, 'secret.txt'), 'secret');
  symlinkSync(join(root, 'secret.txt'), join(folder, 'assets/link.txt'));
  const settings = { title: 'Contents <b>', pages: ['index', 'service_mesh'] };
  server = await startDocs({ folder, settings, address: '127.0.0.1', port: 0, log: silentLog });
});

afterAll(async () => {
  await server.close();
  rmSync(root, { recursive: true, force: true });
});

interface Answer {
  status: number;
  headers: NodeJS.Dict<string | string[]>;
  body: string;
}

/** Not fetch: it would tidy the path up. */
function get(path: string, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port: server.port, path, method, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

describe('docs server', () => {
  it('shows the first page at /, with the list and the next page', async () => {
    const { status, body, headers } = await get('/');
    expect(status).toBe(200);
    expect(body).toContain('<title>Title of index · Contents &lt;b&gt;</title>');
    expect(body).toContain('<a href="/index" aria-current="page">index</a>');
    expect(body).toContain('<a rel="next" href="/service_mesh"><small>Next</small>service_mesh</a>');
    expect(body).toContain('<li class="depth2"><a href="#two">Two</a></li>');
    expect(body).not.toContain('unlisted');
    expect(headers['content-security-policy']).toContain("script-src 'self'");
    expect(body.match(/(?:src|href)="(?!\/|#|data:)[^"]*"/g)).toBeNull();
  });

  it('shows pages by id, as older sites did, and those that are not listed', async () => {
    for (const path of ['/service_mesh', '/service_mesh/', '/docs/service_mesh', '/service_mesh.md', '/service%5Fmesh?x=1']) {
      const { status, body } = await get(path);
      expect([path, status]).toEqual([path, 200]);
      expect(body).not.toContain('alert(1)');
    }
    expect((await get('/unlisted')).status).toBe(200);
  });

  it('serves files, as what they are and without running them', async () => {
    const image = await get('/assets/a.png?raw=true');
    expect([image.status, image.headers['content-type'], image.body]).toEqual([200, 'image/png', 'png']);
    const html = await get('/assets/a.html');
    expect(html.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(html.headers['content-security-policy']).toContain('sandbox');
    expect((await get('/_docs/style.css')).headers['content-type']).toContain('text/css');
  });

  it.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/assets/link.txt',
    '/.git/config',
    '/assets/.%2e/.git/config',
    '/assets',
    '/a%00.png',
    '/_docs/../../secret.txt',
  ])('does not leave its folder: %s', async (path) => {
    const { status, body } = await get(path);
    expect(status).toBe(404);
    expect(body).not.toMatch(/^secret|>secret/);
  });

  it('says which page was probably meant', async () => {
    const { status, body } = await get('/service_msh');
    expect(status).toBe(404);
    expect(body).toContain('Did you mean <a href="/service_mesh">Title of service_mesh</a>?');
    expect((await get('/<script>')).body).not.toContain('<script>');
    expect((await get('/%ff')).status).toBe(400);
  });

  it('takes only GET and HEAD', async () => {
    expect((await get('/', 'POST')).status).toBe(405);
    expect(await get('/', 'HEAD')).toMatchObject({ status: 200, body: '' });
  });

  it('logs what does not work on the pages, at the start and when it is new', async () => {
    const lines: string[] = [];
    const log = { log: (_level: string, line: string) => void lines.push(line) };
    const own = join(root, 'own');
    mkdirSync(own);
    writeFileSync(join(own, 'index.md'), '![x](gone.png)\n');
    writeFileSync(join(own, 'listed.md'), '');
    const problems = new Problems(own, { title: '', pages: ['index', 'listed'] }, log);
    await problems.look();
    const image = 'index.md:1:6: warning: image "gone.png" does not exist';
    expect(lines).toEqual([image]);
    writeFileSync(join(own, 'index.md'), '![x](gone.png)\n\n[y](nowhere.md)\n');
    rmSync(join(own, 'listed.md'));
    await problems.look();
    const added = ['there is no page "listed", which index_pages lists', 'index.md:3:5: warning: link "nowhere.md" leads nowhere'];
    expect(lines).toEqual([image, ...added]);
    rmSync(own, { recursive: true });
    await problems.look();
    expect(lines.at(-1)).toMatch(/^the pages can not be read: ENOENT/);
  });

  it('tells open pages of a change, and shows the new text', async () => {
    const changed = new Promise<string>((resolve, reject) => {
      const outgoing = request({ host: '127.0.0.1', port: server.port, path: '/_docs/events', agent: false }, (response) => {
        response.setEncoding('utf8');
        response.once('data', () => writeFileSync(join(folder, 'unlisted.md'), 'new text\n'));
        response.on('data', (chunk: string) => {
          if (!chunk.includes('event:')) return;
          outgoing.destroy();
          resolve(chunk);
        });
      });
      outgoing.on('error', reject);
      outgoing.end();
    });
    expect(await changed).toBe('event: change\ndata: {}\n\n');
    expect((await get('/unlisted')).body).toContain('new text');
  });
});

import { createHash } from 'node:crypto';
import { Script } from 'node:vm';
import { afterEach, expect, it } from 'vitest';
import { request, type Started, start } from '../harness.ts';

const running: Started[] = [];
afterEach(async () => {
  for (const { service } of running.splice(0)) await service.close();
});

async function serve(env: Record<string, string> = {}): Promise<string> {
  const started = await start(env);
  running.push(started);
  return started.url;
}

const inside = (html: string, name: string): string => new RegExp(`<${name}>([^]*?)</${name}>`).exec(html)![1]!;
const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

it('is at /ui/, in every release', async () => {
  const url = await serve({ NAME: '<web> & co', MESH_IMAGE_TAG: 'v0.9.0' });
  expect(await request(`${url}/ui`)).toMatchObject({ status: 301, headers: { location: '/ui/' } });
  expect(await request(`${url}/ui/x.js`)).toMatchObject({ status: 404 });
  const { status, headers, text } = await request(`${url}/ui/`);
  expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
  expect(text).toContain('<h1>&lt;web&gt; &amp; co</h1>');
});

it('is where UI_PATH says', async () => {
  const url = await serve({ UI_PATH: '/web/page' });
  expect(await request(`${url}/web/page?x`)).toMatchObject({ status: 301, headers: { location: '/web/page/' } });
  expect((await request(`${url}/web/page/`)).headers['content-type']).toMatch('text/html');
  expect(JSON.parse((await request(`${url}/ui/`)).text).uri).toBe('/ui/');
});

it('may run and load only itself', async () => {
  const { headers, text } = await request(`${await serve()}/ui/`);
  const [script, style] = [inside(text, 'script'), inside(text, 'style')];
  expect(headers['content-security-policy']).toBe(
    `default-src 'none'; script-src ${hash(script)}; style-src ${hash(style)}; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  );
  expect(text).not.toMatch(/\b(src|href|style|on\w+)=|@import|url\(|https?:/);
  expect(script).not.toContain('innerHTML');
});

it('draws what the service answers', async () => {
  const currency = await serve({ NAME: 'currency', ERROR_RATE: '1' });
  const url = await serve({ NAME: 'web', MESSAGE: '{"<b>": 1}', UPSTREAM_URIS: currency });
  const { text } = await request(`${url}/ui/`);
  const page = new FakePage();
  new Script(inside(text, 'script')).runInNewContext({
    document: page,
    fetch: async (path: string, options: { headers: Record<string, string> }) => {
      const answer = await request(url + path, { headers: options.headers });
      return { status: answer.status, ok: answer.status < 400, text: async () => answer.text };
    },
  });
  await expect.poll(() => page.status.textContent).toMatch(/^web answered 500 in /);
  expect(page.status.className).toBe('failed');
  expect(page.calls.outline()).toBe(
    [
      'li',
      ' details.failed',
      '  summary',
      '   span.name "web"',
      '   span.code "✖ 500"',
      '   span.type "HTTP"',
      '   span.duration "<time>"',
      '   span.uri "/"',
      '  div.more',
      '   p.addresses "10.5.0.100"',
      '   pre.body "{\\n  \\"<b>\\": 1\\n}"',
      '  ul',
      '   li',
      '    details.failed',
      '     summary',
      '      span.name "currency"',
      '      span.code "✖ 500"',
      '      span.type "HTTP"',
      '      span.duration',
      `      span.uri "${currency}"`,
      '     div.more',
      `      p.error "Error processing upstream request: ${currency}/, expected code 200, got 500"`,
      '      p.addresses "10.5.0.100"',
    ].join('\n'),
  );
});

/** As much of a document as the page's script touches. */
class FakePage {
  readonly status = new FakeElement('p');
  readonly calls = new FakeElement('ul');
  readonly #form = { elements: { path: { value: '/' }, header: { value: 'X-Group: dev' } }, addEventListener: () => undefined };

  querySelector() {
    return this.#form;
  }

  getElementById(id: 'status' | 'calls') {
    return this[id];
  }

  createElement(name: string) {
    return new FakeElement(name);
  }
}

class FakeElement {
  readonly name: string;
  className = '';
  textContent = '';
  children: FakeElement[] = [];

  constructor(name: string) {
    this.name = name;
  }

  append(...children: FakeElement[]): void {
    this.children.push(...children);
  }

  replaceChildren(...children: FakeElement[]): void {
    this.children = children;
  }

  outline(depth = 0): string {
    return this.children
      .flatMap((child) => {
        const text = child.className === 'duration' && child.textContent !== '' ? '<time>' : child.textContent;
        const line = `${' '.repeat(depth)}${child.name}${child.className && `.${child.className}`}${text && ` ${JSON.stringify(text)}`}`;
        return child.children.length > 0 ? [line, child.outline(depth + 1)] : [line];
      })
      .join('\n');
  }
}

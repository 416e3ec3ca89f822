import { describe, expect, it } from 'vitest';
import { linksOf } from '../../src/docs/links.ts';
import { renderMarkdown } from '../../src/docs/markdown.ts';
import { buildSite, urlOf } from '../../src/docs/site.ts';

const site = buildSite(
  {
    pages: new Map([
      ['index.md', '---\nid: index\ntitle: Start\n---\n'],
      ['service_mesh.md', '---\nid: service_mesh\ntitle: The mesh\nsidebar_label: Mesh\n---\n'],
      ['guide/second.mdx', '---\nid: deep\n---\n# Deep water\n'],
    ]),
    assets: new Set(['assets/a b.png', 'assets/mesh.png', 'guide/local.png']),
  },
  { title: 'Contents', pages: [] },
);
const render = (text: string, at = 'index.md'): string =>
  renderMarkdown(text, linksOf(site.pages.find((page) => page.path === at)!, site)).html;

describe('pages', () => {
  it('have ids, titles and labels from front matter, heading or file', () => {
    expect(site.pages.map(({ id, title, label }) => [id, title, label])).toEqual([
      ['index', 'Start', 'Start'],
      ['guide/deep', 'Deep water', 'Deep water'],
      ['service_mesh', 'The mesh', 'Mesh'],
    ]);
    expect(site.pages.map(urlOf)).toEqual(['/index', '/guide/deep', '/service_mesh']);
  });

  it('are listed as the settings say', () => {
    const listed = (pages: string[]) =>
      buildSite({ pages: new Map(site.pages.map((page) => [page.path, page.body])), assets: new Set() }, { title: '', pages }).listed;
    expect(listed(['service_mesh', 'guide/second', 'gone']).map((page) => page.path)).toEqual(['service_mesh.md', 'guide/second.mdx']);
    expect(listed([])).toHaveLength(3);
  });
});

describe('Markdown', () => {
  it('links pages by file and by id, from where the page is', () => {
    expect(render('[a](service_mesh.md#part) [b](./service_mesh) [c](/docs/service_mesh) [d](guide/deep)')).toContain(
      '<a href="/service_mesh#part">a</a> <a href="/service_mesh">b</a> <a href="/service_mesh">c</a> <a href="/guide/deep">d</a>',
    );
    expect(render('[a](../service_mesh.md) [b](second.mdx) [c](service_mesh)', 'guide/second.mdx')).toContain(
      '<a href="/service_mesh">a</a> <a href="/guide/deep">b</a> <a href="/service_mesh">c</a>',
    );
    expect(render('[a](https://example.com/x?y#z) [b](#here) [c](javascript:alert(1)) [d](file.zip)')).toContain(
      '<a href="https://example.com/x?y#z">a</a> <a href="#here">b</a> c <a href="/file.zip">d</a>',
    );
  });

  it('finds images beside the page, and those of a repository that are here too', () => {
    expect(render('![A](assets/mesh.png?raw=true)')).toContain('<img src="/assets/mesh.png" alt="A" loading="lazy">');
    expect(render('![A](local.png)', 'guide/second.mdx')).toContain('src="/guide/local.png"');
    expect(render('![A](../../../../etc/passwd)')).toContain('src="/etc/passwd"');
    expect(render('![A](https://github.com/o/r/blob/master/docs/assets/mesh.png?raw=true)')).toContain('src="/assets/mesh.png"');
    expect(render('![A](https://example.com/other.png)')).toContain('<a class="image" href="https://example.com/other.png">Image: A</a>');
  });

  it('gives headings anchors of their own', () => {
    const { html, headings } = renderMarkdown(
      '## Write `the` config\n## Write the config\n### **Größe** & co.\n',
      linksOf(site.pages[0]!, site),
    );
    expect(headings.map(({ depth, id }) => [depth, id])).toEqual([
      [2, 'write-the-config'],
      [2, 'write-the-config-1'],
      [3, 'größe--co'],
    ]);
    expect(html).toContain('<h2 id="write-the-config">Write <code>the</code> config <a class="anchor" href="#write-the-config"');
  });

  it('colours code, and what calls itself Go but is HCL', () => {
    expect(render('```go\nKind = "service-defaults"\n```')).toContain('<span class="hljs-attr">Kind</span> = <span class="hljs-string">');
    expect(render('```go\npackage main\n```')).toContain('<span class="hljs-keyword">package</span>');
    expect(render('```\n<b>&\n```')).toContain('&lt;b&gt;&amp;');
    expect(render('```"><script>\nx\n```')).not.toContain('<script>');
    expect(render('```hcl\ncontainer "web" {\n  # note\n  port = 9090\n}\n```')).toContain('<span class="hljs-comment"># note</span>');
  });

  it('renders tables, tasks and raw HTML', () => {
    expect(render('| a | b |\n|:--|--:|\n| 1 | [x](service_mesh) |\n')).toContain('<td align="right"><a href="/service_mesh">x</a></td>');
    expect(render('text <b>bold</b> <script>alert(1)</script>')).not.toContain('<script');
    expect(render('<p>\n  <Terminal target="consul.container.shipyard.run" expanded />\n</p>')).toContain('mesh exec consul');
  });

  it('drops imports of MDX, but not in code', () => {
    const html = render("import Tabs from '@theme/Tabs';\nexport const x = 1;\n\ntext\n\n```js\nimport a from 'b';\n```\n");
    expect(html).not.toContain('@theme');
    expect(html).not.toContain('export');
    expect(html).toMatch(/import.*a.*from/);
  });
});

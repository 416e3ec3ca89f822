import { describe, expect, it } from 'vitest';
import { renderBriefly, renderDiagnostic } from '../../src/base/diagnostic.ts';
import { checkSite } from '../../src/docs/check-site.ts';

const check = (pages: Record<string, string>, assets: string[] = []) =>
  checkSite({ pages: new Map(Object.entries(pages)), assets: new Set(assets) }, (path) => `docs/${path}`);
const brief = (pages: Record<string, string>, assets?: string[]): string[] => check(pages, assets).map(renderBriefly);

describe('front matter', () => {
  it('is told where it can not be read', () => {
    const page = ['---', 'id: index', 'title: [Out', 'descripton: x', 'not a field', 'sidebar_label: "open', '---', 'text'].join('\r\n');
    expect(brief({ 'index.md': page })).toEqual([
      'docs/index.md:3:1: warning: "title" begins with [, which is not closed',
      'docs/index.md:4:1: warning: "descripton" means nothing in the front matter; did you mean "description"?',
      'docs/index.md:5:1: warning: a line of the front matter can not be read',
      'docs/index.md:6:1: warning: "sidebar_label" begins with ", which is not closed',
    ]);
    expect(brief({ 'a.md': '---\ntitle: Open\n\ntext\n' })).toEqual(['docs/a.md:1:1: warning: the front matter is not closed']);
  });

  it('may hold what only Docusaurus knows, titles with colons, and a page may begin with a ruler', () => {
    const page =
      '---\n# a comment\ntitle: "Step 1": the mesh\nslug: /x\nkeywords:\n  - a\n- b\ntags: [\n  a\n]\nhide_title: true\n\n---\ntext\n';
    expect(brief({ 'index.md': page.replace('"Step 1"', 'Step 1'), 'a.md': '---\n\ntext\n', 'b.md': '---\n---\n' })).toEqual([]);
  });
});

describe('ids', () => {
  it('are of one page each', () => {
    expect(check({ 'b.md': '---\ntitle: B\nid: a\n---\n', 'a.md': 'text' }).map((d) => renderDiagnostic(d))).toEqual([
      'docs/b.md:3:1: warning: the id "a" is taken: links to it lead to another page\n' +
        '  3 | id: a\n    | ^^^^^\n  docs/a.md:1:1: this page has it\n  1 | text\n    | ^',
    ]);
    expect(brief({ 'a.md': '', 'guide/a.md': '' })).toEqual([]);
  });
});

describe('links', () => {
  const assets = ['assets/shop.png', 'guide/a b.zip'];
  it('that lead nowhere are told where they stand, once', () => {
    const page = [
      '---',
      'id: index',
      '---',
      '```',
      '![not this](assets/shp.png)',
      '```',
      '* in a list: ![A](assets/shp.png) and ![A](assets/shp.png)',
      '',
      '<p>\n<img src="gone.png"> <a href="mehs.md">x</a>\n</p>',
      '',
      '[a](./guide/deep.md#frist) [b](#here) [c][ref] [d](javascript:alert(1))',
      '',
      '[ref]: missing.md',
    ].join('\n');
    expect(brief({ 'index.md': page, 'mesh.md': '', 'guide/deep.md': '# First\n' }, assets)).toEqual([
      'docs/index.md:7:19: warning: image "assets/shp.png" does not exist; did you mean "assets/shop.png"?',
      'docs/index.md:10:11: warning: image "gone.png" does not exist',
      'docs/index.md:10:31: warning: link "mehs.md" leads nowhere; did you mean "mesh.md"?',
      'docs/index.md:13:5: warning: link "./guide/deep.md#frist" leads to no section of guide/deep.md; did you mean "first"?',
      'docs/index.md:13:32: warning: link "#here" leads to no section of this page',
      'docs/index.md:15:8: warning: link "missing.md" leads nowhere',
      'docs/index.md:13:52: warning: link "javascript:alert(1)" is left out',
    ]);
  });

  it('are shown as the page would write them', () => {
    expect(brief({ 'guide/deep.md': '![x](../assets/shp.png)' }, assets)).toEqual([
      'docs/guide/deep.md:1:6: warning: image "../assets/shp.png" does not exist; did you mean "../assets/shop.png"?',
    ]);
  });

  it('may lead to pages by file, id and older addresses, to sections, files and elsewhere', () => {
    const page = `import X from './x'

# Here & there

[a](mesh.md) [b](service_mesh) [c](/docs/service_mesh/) [d](/) [e](#here--there) [f](service_mesh#two-1) [g](guide/a%20b.zip)
[h](https://example.com/gone.md) [i](mailto:a@b.c) <https://example.com> [j](//example.com/x) [k](<guide/a b.zip>) [l]()
![A](assets/shop.png?raw=true) ![B](/assets/shop.png) ![C](https://example.com/x.png)
![D](https://github.com/o/r/blob/master/docs/assets/shop.png?raw=true) \`[code](gone.md)\`
`;
    expect(brief({ 'index.md': page, 'mesh.md': '---\nid: service_mesh\n---\n## Two\n\n> ## Two\n' }, assets)).toEqual([]);
  });

  it('are not judged in a folder that was not read to its end', () => {
    const many = Array.from({ length: 5000 }, (_, i) => `${i}.png`);
    expect(brief({ 'index.md': '![x](gone.png)' }, many)).toEqual([]);
  });
});

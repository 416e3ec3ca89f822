import { describe, expect, it } from 'vitest';
import { sanitizeHtml } from '../../src/docs/sanitize.ts';

const links = {
  link: (href: string) => (/^javascript:/i.test(href.trim()) ? undefined : href),
  image: (href: string) => (href.startsWith('http') ? undefined : `/${href}`),
};
const clean = (html: string): string => sanitizeHtml(html, links);

describe('raw HTML of a page', () => {
  it.each([
    ['<p align="center">a &amp; b &nbsp; c</p>', '<p align="center">a &amp; b &nbsp; c</p>'],
    ['<img src="a.png" width=20 onerror="alert(1)">', '<img src="/a.png" width="20">'],
    ['<img src="https://example.com/a.png">', '<img>'],
    ['<a href="javascript:alert(1)" onclick="x()">x</a>', '<a>x</a>'],
    ['<a href="java&#115;cript:alert(1)">x</a>', '<a href="java&amp;#115;cript:alert(1)">x</a>'],
    ['a<br/>b<br>', 'a<br>b<br>'],
    ['<!-- a <b>comment</b> -->text', 'text'],
    ['a < b && c > d', 'a &lt; b &amp;&amp; c &gt; d'],
    ['<details open><summary>More</summary>text</details>', '<details open=""><summary>More</summary>text</details>'],
  ])('%s', (html, expected) => expect(clean(html)).toBe(expected));

  it.each([
    '<script>alert(1)</script>',
    '<SCRIPT src="https://example.com/x.js"></SCRIPT>',
    '<style>body { display: none }</style>',
    '<iframe src="https://example.com">text</iframe>',
    '<svg><script>alert(1)</script></svg>',
    '<script>a</scr<script>b</script>',
    '<script>never closed',
  ])('nothing is left of %s', (html) => expect(clean(html)).toBe(''));

  it('lets no attribute or element through that it does not know', () => {
    const html = '<div onclick="x()" style="position:fixed" class="x" id="content"><form action="x"><input value="1">text</form></div>';
    expect(clean(html)).toBe('<div>text</div>');
    expect(clean('<img src="x" alt="&quot;><script>alert(1)</script>">')).toBe(
      '<img src="/x" alt="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;">',
    );
    expect(clean('<<script>alert(1)</script>img src=x onerror=alert(1)>')).not.toMatch(/<img|<script/);
  });

  it('takes components away and keeps what is in them', () => {
    expect(clean('<Tabs defaultValue={x}><TabItem value="a">text</TabItem></Tabs>')).toBe('text');
  });

  it('a Terminal becomes the command to type', () => {
    const html = clean('<p>\n<Terminal target="consul.container.shipyard.run" shell="sh" workdir="/files" user="root" expanded />\n</p>');
    expect(html).toContain('<code>mesh exec consul</code>');
    expect(html).toContain('in /files');
    expect(clean('<Terminal target="tools.container.shipyard" shell="/bin/bash" />')).toContain(
      '<code>mesh exec tools -- /bin/bash</code>',
    );
    expect(clean('<Terminal target="<b>" />')).not.toContain('<b>');
  });

  it('ends quickly on hostile text', () => {
    for (const text of ['<a '.repeat(20_000), `<a ${'x="'.repeat(20_000)}`, `<a${' x'.repeat(20_000)}`, '<!--'.repeat(20_000)]) clean(text);
  });
});

import { Marked, type Tokens } from 'marked';
import { escapeHtml } from '../base/html.ts';
import { headingId } from './heading-id.ts';
import { highlight } from './highlight.ts';
import { withoutModules } from './mdx.ts';
import { type Links, sanitizeHtml } from './sanitize.ts';
import { copyable } from './terminal.ts';

export interface Heading {
  readonly depth: number;
  readonly id: string;
  /** HTML. */
  readonly text: string;
}

export interface Rendered {
  readonly html: string;
  readonly headings: readonly Heading[];
}

/** Renders the text of a page: GitHub's Markdown. What is not plain Markdown is sanitized. */
export function renderMarkdown(text: string, links: Links): Rendered {
  const headings: Heading[] = [];
  const ids = new Map<string, number>();
  const marked = new Marked({ gfm: true, async: false });
  marked.use({
    renderer: {
      heading({ tokens, depth, text: source }) {
        const html = this.parser.parseInline(tokens);
        const id = headingId(source, ids);
        headings.push({ depth, id, text: html });
        return `<h${depth} id="${id}">${html} <a class="anchor" href="#${id}" aria-label="Link to this section">#</a></h${depth}>\n`;
      },
      code({ text: code, lang = '' }) {
        const language = /^[\w+-]+/.exec(lang)?.[0] ?? '';
        return `${copyable(`<code class="language-${escapeHtml(language || 'text')}">${highlight(code, language.toLowerCase())}</code>`)}\n`;
      },
      html: ({ text: html }) => sanitizeHtml(html, links),
      link({ href, title, tokens }) {
        const target = links.link(href);
        const inner = this.parser.parseInline(tokens);
        return target === undefined ? inner : `<a href="${escapeHtml(target)}"${titleOf(title)}>${inner}</a>`;
      },
      image: (token) => renderImage(token, links),
      table({ header, rows }) {
        const row = (cells: readonly Tokens.TableCell[]) => `<tr>${cells.map((cell) => this.tablecell(cell)).join('')}</tr>`;
        return `<div class="table" tabindex="0"><table><thead>${row(header)}</thead><tbody>${rows.map(row).join('')}</tbody></table></div>\n`;
      },
    },
  });
  return { html: marked.parse(withoutModules(text)) as string, headings };
}

/** An image elsewhere is only linked: a page makes no request to other machines. */
function renderImage({ href, title, text }: Tokens.Image, links: Links): string {
  const source = links.image(href);
  if (source !== undefined) return `<img src="${escapeHtml(source)}" alt="${escapeHtml(text)}"${titleOf(title)} loading="lazy">`;
  const target = links.link(href);
  const label = escapeHtml(text || href);
  return target === undefined ? label : `<a class="image" href="${escapeHtml(target)}">Image: ${label}</a>`;
}

const titleOf = (title: string | null | undefined): string => (title ? ` title="${escapeHtml(title)}"` : '');

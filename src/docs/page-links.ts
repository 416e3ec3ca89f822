import { Marked } from 'marked';
import { type Range, rangeOf, type Source } from '../base/source.ts';
import { headingId } from './heading-id.ts';
import { sanitizeHtml } from './sanitize.ts';
import type { Page } from './site.ts';

export interface PageLink {
  readonly kind: 'link' | 'image';
  /** As written. */
  readonly href: string;
  readonly at: Range;
}

export interface PageParts {
  /** Each address once. */
  readonly links: readonly PageLink[];
  /** Ids of its headings. */
  readonly sections: ReadonlySet<string>;
}

/** What a page links to and what can be linked in it, without rendering it. Line ends of the source are plain. */
export function partsOf({ body }: Page, source: Source): PageParts {
  const marked = new Marked({ gfm: true, async: false });
  const links = new Map<string, PageLink>();
  const sections = new Set<string>();
  const ids = new Map<string, number>();
  let start = source.text.length - body.length;
  for (const block of marked.lexer(body)) {
    const end = start + block.raw.length;
    const place = { source, start, end };
    const note = (kind: PageLink['kind'], href: string): undefined => {
      const key = `${kind} ${href}`;
      if (href !== '' && !links.has(key)) links.set(key, { kind, href, at: find(href, place) });
    };
    const html = { link: (href: string) => note('link', href), image: (href: string) => note('image', href) };
    void marked.walkTokens([block], (token) => {
      if (token.type === 'heading') sections.add(headingId(String(token['text']), ids));
      else if (token.type === 'html') sanitizeHtml(String(token['text']), html);
      else if (token.type === 'link' || token.type === 'image') note(token.type, String(token['href']));
    });
    start = end;
  }
  return { links: [...links.values()], sections };
}

/** Where an address stands: in its block as a target, or where a reference is defined; else the block that it was found in. */
function find(href: string, { source, start, end }: Range): Range {
  const before = [`](${href}`, `](<${href}`, `="${href}`, `='${href}`, `<${href}`];
  for (const text of before) {
    const at = source.text.slice(start, end).indexOf(text);
    if (at !== -1) return rangeOf(source, start + at + text.length - href.length, start + at + text.length);
  }
  const definition = source.text.indexOf(`]: ${href}`);
  if (definition !== -1) return rangeOf(source, definition + 3, definition + 3 + href.length);
  const blank = /^\s*/.exec(source.text.slice(start, end))![0].length;
  return rangeOf(source, start + blank, end);
}

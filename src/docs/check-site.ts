import { posix } from 'node:path';
import { type Diagnostic, warningAt } from '../base/diagnostic.ts';
import { type Range, rangeOf, type Source } from '../base/source.ts';
import { didYouMean, nearest, SUGGESTION } from '../base/suggest.ts';
import { checkFrontMatter } from './check-front-matter.ts';
import { OWN_FILES } from './layout.ts';
import { decoded, linksOf } from './links.ts';
import { type PageLink, type PageParts, partsOf } from './page-links.ts';
import { buildSite, MAX_FILES, type Page, pageAt, type Site, type SiteFiles } from './site.ts';

interface ReadPage extends PageParts {
  readonly page: Page;
  readonly source: Source;
}

/**
 * What does not work on the pages of a site: front matter that can't be read, ids that two pages have, links and images that
 * lead nowhere. `nameOf`: what the file of a page is called. The site shows all the same.
 */
export function checkSite(files: SiteFiles, nameOf: (path: string) => string): Diagnostic[] {
  // Of what was not read to its end nothing can be said.
  if (files.pages.size + files.assets.size >= MAX_FILES) return [];
  const texts = new Map(Array.from(files.pages, ([path, text]) => [path, text.replaceAll(/\r\n?/g, '\n')]));
  const site = buildSite({ ...files, pages: texts }, { title: '', pages: [] });
  const pages = site.pages.map((page): ReadPage => {
    const source = { name: nameOf(page.path), text: texts.get(page.path)! };
    return { page, source, ...partsOf(page, source) };
  });
  return pages.flatMap((read) => [
    ...checkFrontMatter(read.source),
    ...checkId(read, pages),
    ...read.links.flatMap((link) => checkLink(link, read, { site, pages }) ?? []),
  ]);
}

function checkId({ page, source }: ReadPage, pages: readonly ReadPage[]): Diagnostic[] {
  const first = pages.find((other) => other.page.id === page.id)!;
  if (first.page === page) return [];
  const related = { range: idOf(first.source), message: 'this page has it' };
  return [warningAt(idOf(source), `the id ${JSON.stringify(page.id)} is taken: links to it lead to another page`, { related })];
}

/** The line of the front matter, or the beginning: then the file's name is the id. */
function idOf(source: Source): Range {
  const [whole = '', line = ''] = /^---\n(?:.*\n)*?(id\s*:.*)\n/.exec(source.text) ?? [];
  const start = Math.max(0, whole.length - line.length - 1);
  return rangeOf(source, start, start + line.length);
}

interface Around {
  readonly site: Site;
  readonly pages: readonly ReadPage[];
}

function checkLink({ kind, href, at }: PageLink, { page }: ReadPage, { site, pages }: Around): Diagnostic | undefined {
  const links = linksOf(page, site);
  const url = kind === 'link' ? links.link(href) : links.image(href);
  if (url === undefined) {
    // An image elsewhere is linked instead.
    if (kind === 'image') return undefined;
    return warningAt(at, `link ${JSON.stringify(href)} is left out`, { detail: 'links lead to pages and files, by http, https or mailto' });
  }
  if (!/^[/#](?!\/)/.test(url)) return undefined;
  const [path = '', section = ''] = url.split('#', 2).map(decoded);
  const target = path === '' ? page : kind === 'link' ? pageAt(path, site) : undefined;
  if (!target) {
    if (site.assets.has(path.slice(1)) || path.startsWith(`${OWN_FILES}/`)) return undefined;
    const what = kind === 'link' ? 'leads nowhere' : 'does not exist';
    return warningAt(at, `${kind} ${JSON.stringify(href)} ${what}`, nearestFile(path.slice(1), kind, page, site));
  }
  const { sections } = pages.find((read) => read.page === target)!;
  if (section === '' || sections.has(section)) return undefined;
  const where = target === page ? 'this page' : target.path;
  return warningAt(at, `link ${JSON.stringify(href)} leads to no section of ${where}`, didYouMean(section, sections));
}

/** As it would be written on the page. */
function nearestFile(path: string, kind: PageLink['kind'], page: Page, site: Site): { hint?: string } {
  const known = [...(kind === 'link' ? site.pages.flatMap(({ id, path: file }) => [file, id]) : []), ...site.assets];
  const near = nearest(path, known);
  return near === undefined ? {} : { hint: `${SUGGESTION}"${posix.relative(posix.dirname(page.path), near)}"?` };
}

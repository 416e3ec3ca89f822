import { posix } from 'node:path';
import { readFrontMatter } from './front-matter.ts';

export interface SiteSettings {
  /** Stands above the list of pages. */
  readonly title: string;
  /** Ids of the pages in their order; empty: all pages, the index first. */
  readonly pages: readonly string[];
}

export interface SiteFiles {
  /** Pages by path: `guide/start.md`. */
  readonly pages: ReadonlyMap<string, string>;
  /** Paths of all other files. */
  readonly assets: ReadonlySet<string>;
}

export interface Page {
  /** As its front matter says, below its folder: `guide/start`. By default its path without the ending. */
  readonly id: string;
  readonly path: string;
  readonly title: string;
  /** In the list of pages. */
  readonly label: string;
  readonly description: string;
  /** Markdown. */
  readonly body: string;
}

export interface Site {
  readonly title: string;
  /** Pages in the list, in their order. */
  readonly listed: readonly Page[];
  readonly pages: readonly Page[];
  readonly assets: ReadonlySet<string>;
}

/** What a page is called in a URL. */
export const urlOf = (page: Page): string => `/${page.id.split('/').map(encodeURIComponent).join('/')}`;

export const isPage = (path: string): boolean => /\.mdx?$/i.test(path);

export function buildSite(files: SiteFiles, settings: SiteSettings): Site {
  const pages = Array.from(files.pages, ([path, text]) => readPage(path, text)).toSorted(
    (a, b) => Number(isIndex(b)) - Number(isIndex(a)) || a.path.localeCompare(b.path),
  );
  const listed = settings.pages.flatMap((wanted) => findPage(pages, wanted) ?? []);
  return { title: settings.title, listed: settings.pages.length === 0 ? pages : listed, pages, assets: files.assets };
}

/** A page by its id, or by its file with or without the ending. */
export function findPage(pages: readonly Page[], name: string): Page | undefined {
  const wanted = name.replace(/\.mdx?$/i, '');
  return pages.find((page) => page.id === wanted) ?? pages.find((page) => withoutEnding(page.path) === wanted);
}

export function readPage(path: string, text: string): Page {
  const { fields, body } = readFrontMatter(text);
  const folder = posix.dirname(path);
  const name = fields['id'] || posix.basename(withoutEnding(path));
  const heading = /^#\s+(.+?)\s*#*\s*$/m.exec(body)?.[1];
  const title = fields['title'] || heading || name.replaceAll(/[_-]+/g, ' ');
  return {
    id: folder === '.' ? name : `${folder}/${name}`,
    path,
    title,
    label: fields['sidebar_label'] || title,
    description: fields['description'] ?? '',
    body,
  };
}

const withoutEnding = (path: string): string => path.replace(/\.mdx?$/i, '');
const isIndex = (page: Page): boolean => page.id === 'index' || /^(index|readme)\.mdx?$/i.test(page.path);

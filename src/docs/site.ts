import { posix } from 'node:path';
import { readFrontMatter } from './front-matter.ts';
import type { SiteTask } from './tasks.ts';

export interface SiteSettings {
  /** Stands above the list of pages. */
  readonly title: string;
  /** Ids of the pages in their order; empty: all pages, the index first. */
  readonly pages: readonly string[];
  /** Chapters: how the list of pages is divided. All its pages stand in `pages`, too. */
  readonly groups?: readonly { readonly title: string; readonly pages: readonly string[] }[];
  /** By id: `<Task id="…">` stands for one. */
  readonly tasks?: Readonly<Record<string, SiteTask>>;
  readonly logo?: { readonly url: string; readonly width: number; readonly height: number };
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
  readonly groups?: readonly { readonly title: string; readonly pages: readonly Page[] }[];
  readonly tasks?: SiteSettings['tasks'];
  readonly logo?: SiteSettings['logo'];
  readonly pages: readonly Page[];
  readonly assets: ReadonlySet<string>;
}

/** More than any documentation has: a folder that is a home directory by mistake must not be read to its end. */
export const MAX_FILES = 5000;

/** What a page is called in a URL. */
export const urlOf = (page: Page): string => `/${page.id.split('/').map(encodeURIComponent).join('/')}`;

export const isPage = (path: string): boolean => /\.mdx?$/i.test(path);

export function buildSite(files: SiteFiles, settings: SiteSettings): Site {
  const pages = Array.from(files.pages, ([path, text]) => readPage(path, text)).toSorted(
    (a, b) => Number(isIndex(b)) - Number(isIndex(a)) || a.path.localeCompare(b.path),
  );
  const listed = settings.pages.flatMap((wanted) => findPage(pages, wanted) ?? []);
  const { groups, tasks, logo } = settings;
  return {
    title: settings.title,
    listed: settings.pages.length === 0 ? pages : listed,
    ...(groups
      ? { groups: groups.map((group) => ({ title: group.title, pages: group.pages.flatMap((wanted) => findPage(pages, wanted) ?? []) })) }
      : {}),
    ...(tasks ? { tasks } : {}),
    ...(logo ? { logo } : {}),
    pages,
    assets: files.assets,
  };
}

/** A page by its id, or by its file with or without the ending. */
export function findPage(pages: readonly Page[], name: string): Page | undefined {
  const wanted = withoutEnding(name);
  return pages.find((page) => page.id === wanted) ?? pages.find((page) => withoutEnding(page.path) === wanted);
}

/** The page of a URL's path. `/` is the first page of the list; links of older sites begin with /docs. */
export function pageAt(path: string, site: Pick<Site, 'listed' | 'pages'>): Page | undefined {
  const name = path.replace(/^\/|\/$/g, '');
  if (name === '' || name === 'docs') return site.listed[0] ?? site.pages[0];
  return findPage(site.pages, name) ?? findPage(site.pages, name.replace(/^docs\//, ''));
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
/** Neither pages nor files of the site. */
export const isHidden = (name: string): boolean => name.startsWith('.') || name === 'node_modules';

const isIndex = (page: Page): boolean => page.id === 'index' || /^(index|readme)\.mdx?$/i.test(page.path);

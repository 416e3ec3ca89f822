import { posix } from 'node:path';
import type { Links } from './sanitize.ts';
import { findPage, isPage, type Page, type Site, urlOf } from './site.ts';
import { renderTask } from './tasks.ts';

/**
 * Resolves what the text of a page links to. Pages are found by their file or their id; files lie beside the page, or below
 * the folder of the site. An image of a repository elsewhere that this site has too is taken from here: a page makes no
 * request to other machines.
 */
export function linksOf(page: Page, site: Site): Links {
  const folder = posix.dirname(page.path);
  return {
    link(href) {
      const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(href)?.[1]?.toLowerCase();
      if (scheme !== undefined) return ['http', 'https', 'mailto'].includes(scheme) ? href : undefined;
      if (href.startsWith('//') || href.startsWith('#')) return href;
      const { path, rest } = split(href);
      const target = pageAt(path, folder, site);
      return target ? `${urlOf(target)}${rest}` : `/${inSite(path, folder)}${rest}`;
    },
    image(href) {
      if (/^data:image\/(png|jpeg|gif|webp);/i.test(href)) return href;
      const { path } = split(href);
      if (!/^([a-z][a-z0-9+.-]*:|\/\/)/i.test(href)) return `/${inSite(path, folder)}`;
      const local = localCopy(path, site);
      return local === undefined ? undefined : `/${local}`;
    },
    task(id) {
      const task = site.tasks && Object.hasOwn(site.tasks, id) ? site.tasks[id] : undefined;
      return task && renderTask(id, task);
    },
  };
}

function pageAt(path: string, folder: string, site: Site): Page | undefined {
  const inside = decoded(path).replace(/^\/(docs\/)?/, '');
  const beside = posix.normalize(posix.join(folder, decoded(path)));
  const name = path.startsWith('/') ? inside : beside;
  return findPage(site.pages, name) ?? (isPage(name) ? undefined : findPage(site.pages, inside));
}

/** The path of a file, from the root of the site: never out of it. */
function inSite(path: string, folder: string): string {
  const full = path.startsWith('/') ? path : posix.join('/', folder, path);
  return posix.normalize(full).slice(1);
}

/** `https://github.com/o/r/blob/master/docs/assets/a.png` is `assets/a.png`, if there is one: the longest end of its path wins. */
function localCopy(url: string, site: Site): string | undefined {
  const steps = decoded(url).split('/').slice(3);
  for (let from = 0; from < steps.length; from++) {
    const end = steps.slice(from).join('/');
    if (site.assets.has(end)) return end;
  }
  return undefined;
}

function split(href: string): { path: string; rest: string } {
  const at = href.search(/[?#]/);
  return at === -1
    ? { path: href, rest: '' }
    : { path: href.slice(0, at), rest: href.slice(href.indexOf('#', at) === -1 ? href.length : href.indexOf('#', at)) };
}

/** Without its %-escapes; as it stands if they are wrong. */
export function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

import { join } from 'node:path';
import { errorAt, warningAt } from '../base/diagnostic.ts';
import { didYouMean } from '../base/suggest.ts';
import { findPage, isHidden, isPage, MAX_FILES, readPage, type SiteFiles } from '../docs/site.ts';
import { shownPath } from './paths.ts';
import type { LowerContext } from './resource-type.ts';

/** Reports a folder of pages that is none, pages of the list that are not in it, and what does not work on the pages. */
export async function checkPages(folder: string, written: string, listed: readonly string[], context: LowerContext): Promise<void> {
  if (!(await context.list(folder))) {
    const what = (await context.exists(folder)) ? 'is not a folder' : 'does not exist';
    const detail = 'expected a folder of Markdown pages, relative to the file of the blueprint';
    context.report(errorAt(context.at('path'), `${JSON.stringify(written)} ${what}`, { detail }));
    return;
  }
  const { files, later } = await readFolder(folder, context);
  if (files.pages.size === 0) {
    const detail = 'it becomes a site as soon as there is one: index.md';
    context.report(warningAt(context.at('path'), `${JSON.stringify(written)} holds no Markdown pages`, { detail }));
  }
  const pages = Array.from(files.pages, ([path, text]) => readPage(path, text));
  for (const [i, name] of listed.entries()) {
    if (findPage(pages, name)) continue;
    const ids = pages.map((page) => page.id);
    context.report(
      errorAt(context.at(`index_pages[${i}]`), `there is no page ${JSON.stringify(name)} in ${written}`, {
        detail: ids.length === 0 ? 'it holds no pages' : `there are: ${ids.join(', ')}`,
        ...didYouMean(name, ids),
      }),
    );
  }
  // What others link to on a page that is still to be made is not known.
  if (later) return;
  const { checkSite } = await import('../docs/check-site.ts');
  for (const diagnostic of checkSite(files, (path) => shownPath(join(folder, path), context.cwd))) context.report(diagnostic);
}

/** `later`: another resource makes a page, and what is in it can't be known before. It counts as empty. */
async function readFolder(folder: string, context: LowerContext): Promise<{ files: SiteFiles; later: boolean }> {
  const pages = new Map<string, string>();
  const assets = new Set<string>();
  let later = false;
  async function visit(path: string, names: readonly string[]): Promise<void> {
    for (const name of names) {
      if (isHidden(name) || pages.size + assets.size >= MAX_FILES) continue;
      const below = path === '' ? name : `${path}/${name}`;
      const full = join(folder, below);
      if (!isPage(name)) {
        // Most files tell by their names that they are no folders.
        const inner = /\.[a-z]\w*$/i.test(name) ? undefined : await context.list(full);
        if (inner) await visit(below, inner);
        else assets.add(below);
      } else if (context.madeLater(full)) {
        later = true;
        pages.set(below, '');
      } else pages.set(below, (await context.read(full, context.at('path')))?.text ?? '');
    }
  }
  await visit('', (await context.list(folder)) ?? []);
  return { files: { pages, assets }, later };
}

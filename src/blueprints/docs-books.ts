import type { SiteSettings } from '../docs/site.ts';
import type { SiteTask } from '../docs/tasks.ts';
import type { LowerContext } from './resource-type.ts';
import type { BookSpec, ChapterSpec } from './resources/book.ts';

/** What books become on a site. */
export interface BookSite {
  /** Text of pages, by path. */
  readonly pages: Readonly<Record<string, string>>;
  readonly settings: SiteSettings;
}

/** Puts books together: `/docs/<book>/<chapter>/<page>`, as Jumppad's. What does not work on their pages is reported. */
export async function siteOfBooks(keys: readonly string[], assets: readonly string[], context: LowerContext): Promise<BookSite> {
  const books = keys.flatMap((key) => (context.spec(key) as BookSpec | undefined) ?? []);
  const pages: Record<string, string> = {};
  const groups: { title: string; pages: string[] }[] = [];
  const tasks: Record<string, SiteTask> = {};
  for (const book of books) {
    for (const chapter of book.chapters.flatMap((key) => (context.spec(key) as ChapterSpec | undefined) ?? [])) {
      const paths = chapter.pages.map(({ name }) => `${book.name}/${chapter.name}/${name}`);
      for (const [i, { content }] of chapter.pages.entries()) pages[`${paths[i]}.mdx`] = content;
      groups.push({ title: books.length > 1 ? `${book.title}: ${chapter.title}` : chapter.title, pages: paths });
      for (const key of chapter.tasks) tasks[key] = taskOf(key, context);
    }
  }
  const files = { pages: new Map(Object.entries(pages)), assets: new Set(assets.map((path) => `assets/${path}`)) };
  const { checkSite } = await import('../docs/check-site.ts');
  for (const diagnostic of checkSite(files, (path) => `${path} of docs.${context.name}`)) context.report(diagnostic);
  const title = books.length === 1 ? books[0]!.title : 'Contents';
  return { pages, settings: { title, pages: groups.flatMap((group) => group.pages), groups, tasks } };
}

/** One that could not be lowered has been reported. */
function taskOf(key: string, context: LowerContext): SiteTask {
  return (context.spec(key) ?? { title: key, prerequisites: [], conditions: [] }) as SiteTask;
}

import { errorAt } from '../../base/diagnostic.ts';
import { didYouMean } from '../../base/suggest.ts';
import { type Decoded, list, map, object, optional, reference, required, string } from '../../schema/schema.ts';
import { type LowerContext, resourceType } from '../resource-type.ts';

const chapterSchema = object({
  title: optional(string(), 'Stands above its pages. By default the name of the chapter.'),
  prerequisites: optional(list(string()), 'Accepted.'),
  tasks: optional(map(reference('task')), 'Tasks of its pages, by the id that they have there: `{ hello = resource.task.hello }`.'),
  page: optional(
    list(map(object({ content: required(string(), 'Markdown, or MDX: `file("./docs/intro.mdx")`.') }))),
    'Pages in their order, each with a name: `page "intro" { … }`.',
  ),
});

export interface ChapterSpec {
  readonly name: string;
  readonly title: string;
  /** In their content, `<Task id="…">` names the key of a task. */
  readonly pages: readonly { readonly name: string; readonly content: string }[];
  /** Keys of resources. */
  readonly tasks: readonly string[];
}

const NOTHING = { create: () => Promise.resolve(), guards: () => [], destroy: () => Promise.resolve() };

export const chapter = resourceType<Decoded<typeof chapterSchema>, ChapterSpec, undefined>({
  ...NOTHING,
  type: 'chapter',
  schema: chapterSchema,
  doc: 'Pages of a book.',
  lower(config, context) {
    const tasks = config.tasks ?? {};
    const pages = (config.page ?? []).flatMap((block, i) =>
      Object.entries(block).map(([name, { content }]) => ({
        name,
        content: withKeys(content, tasks, `page[${i}].${name}.content`, context),
      })),
    );
    return { name: context.name, title: config.title ?? context.name.replaceAll('_', ' '), pages, tasks: Object.values(tasks) };
  },
});

/** `<Task id="hello">` with the key of the resource; one that the chapter does not name is an error. */
function withKeys(content: string, tasks: Readonly<Record<string, string>>, at: string, context: LowerContext): string {
  return content.replaceAll('\r\n', '\n').replaceAll(/<Task\s+id="([^"]*)"/g, (_whole, id: string) => {
    const key = Object.hasOwn(tasks, id) ? tasks[id]! : undefined;
    if (key === undefined) {
      const known = Object.keys(tasks);
      const detail = known.length === 0 ? 'the chapter names no tasks' : `tasks of the chapter: ${known.join(', ')}`;
      const more = { detail, hint: `tasks = { ${id} = resource.task.${id} }`, ...didYouMean(id, known) };
      context.report(errorAt(context.at(at), `the page shows a task ${JSON.stringify(id)}, which the chapter does not have`, more));
    }
    return `<Task id="${key ?? id}"`;
  });
}

const bookSchema = object({
  title: required(string(), 'Title of the book.'),
  chapters: required(list(reference('chapter')), 'Its chapters in their order: `[resource.chapter.start]`.'),
});

export interface BookSpec {
  readonly name: string;
  readonly title: string;
  /** Keys of resources. */
  readonly chapters: readonly string[];
}

export const book = resourceType<Decoded<typeof bookSchema>, BookSpec, undefined>({
  ...NOTHING,
  type: 'book',
  schema: bookSchema,
  doc: 'Chapters for a site: `docs` shows it.',
  lower: ({ title, chapters }, context) => ({ name: context.name, title, chapters }),
});

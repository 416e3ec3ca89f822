import { type Decoded, list, object, optional, string } from '../../schema/schema.ts';
import type { BlueprintMetadata } from '../metadata.ts';
import { resourceType } from '../resource-type.ts';

const schema = object({
  title: optional(string(), 'What `mesh run` shows once it runs.'),
  organization: optional(string(), 'Who it belongs to. Accepted.'),
  author: optional(string(), 'Who wrote it.'),
  authors: optional(list(string()), 'Those who wrote it together.'),
  slug: optional(string(), 'Short name. Accepted.'),
  icon: optional(string(), 'Picture. Accepted.'),
  tags: optional(list(string()), 'Words to find it by. Accepted.'),
  summary: optional(string(), 'One sentence about it. Shown as the introduction if there is no description.'),
  description: optional(string(), 'The introduction, in Markdown.'),
});

/** What a blueprint says of itself, as Jumppad's do: it stands for the README.md and the .yard file of Shipyard's. */
export const blueprint = resourceType<Decoded<typeof schema>, BlueprintMetadata, undefined>({
  type: 'blueprint',
  schema,
  doc: 'What the blueprint says of itself; what it says is stronger than the README.md or the `.yard` file. It makes nothing.',
  lower({ title, author, authors = [], slug, summary, description }) {
    const intro = (description ?? summary)?.trim();
    const by = author ?? (authors.length > 0 ? authors.join(', ') : undefined);
    return {
      ...(title === undefined ? {} : { title }),
      ...(by === undefined ? {} : { author: by }),
      ...(slug === undefined ? {} : { slug }),
      ...(intro === undefined || intro === '' ? {} : { intro }),
    };
  },
  create: () => Promise.resolve(),
  guards: () => [],
  destroy: () => Promise.resolve(),
});

import { any, object, optional } from '../../schema/schema.ts';
import { resourceType } from '../resource-type.ts';

const schema = object({
  network: optional(any(), 'Accepted.'),
  registry: optional(any(), 'Accepted.'),
});

/** Shipyard makes one by itself, and blueprints name it in depends_on. */
export const imageCache = resourceType<unknown, Record<string, never>, undefined>({
  type: 'image_cache',
  schema,
  doc: 'Accepted: no image is pulled, so there is nothing to keep.',
  lower: () => ({}),
  create: () => Promise.resolve(),
  guards: () => [],
  destroy: () => Promise.resolve(),
});

import { any, type Decoded, object, optional, required, string } from '../../schema/schema.ts';
import { resourceType } from '../resource-type.ts';

const schema = object({
  value: required(any(), 'The value to show.'),
  description: optional(string(), 'What it is.'),
});

export const output = resourceType<Decoded<typeof schema>, { value: unknown }, undefined>({
  type: 'output',
  schema,
  doc: 'A value that `mesh status` shows once the blueprint runs.',
  lower: (config) => ({ value: config.value }),
  create: () => Promise.resolve(),
  guards: () => [],
  destroy: () => Promise.resolve(),
  output: (spec) => spec.value,
});

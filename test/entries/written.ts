import fc from 'fast-check';
import { formatDuration } from '../../src/base/duration.ts';
import type { Schema } from '../../src/schema/schema.ts';

/** Any JSON that a schema takes, as a client may write it. */
export function written(schema: Schema, texts: fc.Arbitrary<string> = fc.constantFrom('', 'a', 'B', '*', 'allow')): fc.Arbitrary<unknown> {
  switch (schema.kind) {
    case 'string':
      return texts;
    case 'int':
      return fc.constantFrom(0, 1, 7);
    case 'float':
      return fc.constantFrom(0, 0.5);
    case 'bool':
      return fc.boolean();
    case 'duration':
      return fc.constantFrom(0, 1e9, 15e8).map(formatDuration);
    case 'any':
      return fc.constantFrom<unknown>('x', 1, { a: [1, 2] });
    case 'list':
      return fc.array(written(schema.item, texts), { maxLength: 3 });
    case 'map':
      return fc.dictionary(fc.constantFrom('b', 'a', '__proto__'), written(schema.value, texts), { maxKeys: 2 });
    case 'object': {
      const fields = Object.entries(schema.fields).map(([name, field]) => [name, written(field.schema, texts)] as const);
      return fc.record(Object.fromEntries(fields), { requiredKeys: [] });
    }
  }
}

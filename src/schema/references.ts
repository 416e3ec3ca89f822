import type { Range } from '../base/source.ts';
import type { Located } from './located.ts';
import type { Schema } from './schema.ts';

/** A place in a block that names another resource. */
export interface Reference {
  /** As written: `network.local`. */
  readonly target: string;
  /** Resource types that may stand here. */
  readonly types: readonly string[];
  readonly range?: Range;
}

/** All references in a value, found by its schema. Ill-typed parts are skipped: decoding reports them. */
export function collectReferences(located: Located, schema: Schema): Reference[] {
  if (schema.kind === 'string' && schema.refersTo && located.type === 'string') {
    return [{ target: located.value, types: schema.refersTo, ...(located.range ? { range: located.range } : {}) }];
  }
  if (schema.kind === 'list') {
    const items = located.type === 'list' ? located.items : [located];
    return items.flatMap((item) => collectReferences(item, schema.item));
  }
  if (located.type !== 'map') return [];
  return located.entries.flatMap((entry) => {
    if (schema.kind === 'map') return collectReferences(entry.value, schema.value);
    if (schema.kind !== 'object') return [];
    const field = Object.hasOwn(schema.fields, entry.key) ? schema.fields[entry.key] : undefined;
    return field ? collectReferences(entry.value, field.schema) : [];
  });
}

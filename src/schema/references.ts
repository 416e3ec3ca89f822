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

/**
 * The text of a reference: as it is written, or the id of a resource that stands there as a value
 * (`resource.network.local` instead of `"network.local"`).
 */
export function referenceText(located: Located): string | undefined {
  if (located.type === 'string') return located.value;
  const meta = located.type === 'map' ? located.entries.find(({ key }) => key === 'meta')?.value : undefined;
  const id = meta?.type === 'map' ? meta.entries.find(({ key }) => key === 'id')?.value : undefined;
  return id?.type === 'string' ? id.value : undefined;
}

/** The same value with each reference in the form that `write` gives it, found by its schema. */
export function rewriteReferences(located: Located, schema: Schema, write: (text: string) => string): Located {
  if (schema.kind === 'string' && schema.refersTo) {
    const text = referenceText(located);
    return text === undefined ? located : { type: 'string', value: write(text), ...(located.range ? { range: located.range } : {}) };
  }
  if (schema.kind === 'list') {
    if (located.type !== 'list') return rewriteReferences(located, schema.item, write);
    return { ...located, items: located.items.map((item) => rewriteReferences(item, schema.item, write)) };
  }
  if (located.type !== 'map' || (schema.kind !== 'map' && schema.kind !== 'object')) return located;
  const entries = located.entries.map((entry) => {
    const inner =
      schema.kind === 'map' ? schema.value : Object.hasOwn(schema.fields, entry.key) ? schema.fields[entry.key]!.schema : undefined;
    return inner ? { ...entry, value: rewriteReferences(entry.value, inner, write) } : entry;
  });
  return { ...located, entries };
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

import type { Diagnostic } from '../base/diagnostic.ts';
import { describeType, type Located, type LocatedMap } from '../schema/located.ts';
import { errorHere, type Place, under } from '../schema/place.ts';
import type { Schema } from '../schema/schema.ts';

/**
 * Kubernetes reads manifests as JSON with exact types: `value: 8080` is no string, and `replicas: "2"` is no number. The
 * general decoder converts these, so they are refused before it; and a null inside a map of strings is an empty string.
 */
export function conform(root: LocatedMap, schema: Schema): { value: Located; diagnostics: Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const value = visit(root, schema, { root, path: [] }, diagnostics);
  return { value, diagnostics };
}

function visit(value: Located, schema: Schema, place: Place, out: Diagnostic[]): Located {
  switch (schema.kind) {
    case 'string':
      if (value.type === 'number' || value.type === 'bool') out.push(notString(value, place));
      return value;
    case 'int':
    case 'float':
    case 'bool':
      if (value.type === 'string' && isConverted(value.value, schema.kind)) out.push(quoted(value.value, schema.kind, place));
      return value;
    case 'list':
      if (value.type !== 'list') return value;
      return { ...value, items: value.items.map((item, i) => visit(filled(item, schema.item), schema.item, under(place, i), out)) };
    case 'map':
      if (value.type !== 'map') return value;
      return {
        ...value,
        entries: value.entries.map((entry) => ({
          ...entry,
          value: visit(filled(entry.value, schema.value), schema.value, under(place, entry.key), out),
        })),
      };
    case 'object':
      if (value.type !== 'map') return value;
      return {
        ...value,
        entries: value.entries.map((entry) => {
          const field = Object.hasOwn(schema.fields, entry.key) ? schema.fields[entry.key] : undefined;
          return field ? { ...entry, value: visit(entry.value, field.schema, under(place, entry.key), out) } : entry;
        }),
      };
    case 'any':
    case 'duration':
      return value;
  }
}

/** Go decodes a null to the zero value of its type. */
function filled(value: Located, schema: Schema): Located {
  return value.type === 'null' && schema.kind === 'string'
    ? { type: 'string', value: '', ...(value.range ? { range: value.range } : {}) }
    : value;
}

function notString(value: Located, place: Place): Diagnostic {
  const range = value.range;
  const text = range ? range.source.text.slice(range.start, range.end) : '';
  return errorHere(place, `"${place.path.at(-1)}" must be a string, not ${describeType(value)}`, {
    detail: 'Kubernetes refuses to convert it',
    hint: `put it in quotes: "${text}"`,
  });
}

/** Any other text the decoder refuses by itself. */
function isConverted(text: string, kind: 'int' | 'float' | 'bool'): boolean {
  if (kind === 'bool') return text === 'true' || text === 'false';
  return text.trim() !== '' && (kind === 'int' ? Number.isInteger(Number(text)) : Number.isFinite(Number(text)));
}

function quoted(text: string, kind: 'int' | 'float' | 'bool', place: Place): Diagnostic {
  const expected = { int: 'a whole number', float: 'a number', bool: 'true or false' }[kind];
  return errorHere(place, `"${place.path.at(-1)}" must be ${expected}, not a string`, { hint: `write ${text} without quotes` });
}

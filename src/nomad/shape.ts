import type { Located, LocatedEntry, LocatedMap } from '../schema/located.ts';
import type { Field, Schema } from '../schema/schema.ts';

/** Blocks whose label is the name of what they describe. */
const LABELLED: readonly string[] = ['group', 'task', 'port', 'volume'];

/**
 * One shape for all the ways to write a job, the one that the schema describes: a block with a label becomes an item with the
 * field `name`, and what HCL 1 and JSON give as a list of one is that one where no list is wanted.
 */
export function shaped(value: LocatedMap, schema: Schema): LocatedMap {
  return mapOf(value, schema);
}

function mapOf(value: LocatedMap, schema: Schema): LocatedMap {
  if (schema.kind !== 'object') return value;
  const entries: LocatedEntry[] = [];
  const lists = new Map<string, Located[]>();
  for (const entry of value.entries) {
    const field: Field | undefined = Object.hasOwn(schema.fields, entry.key) ? schema.fields[entry.key] : undefined;
    const item = field?.schema.kind === 'list' && field.schema.item.kind === 'object' ? field.schema.item : undefined;
    if (!item || entry.value.type === 'null') {
      entries.push(field ? { ...entry, value: shapedValue(entry.value, field.schema) } : entry);
      continue;
    }
    const written = LABELLED.includes(entry.key) ? itemsWithLabels(entry.value) : itemsOf(entry.value);
    const items = written.map((one) => shapedValue(one, item));
    const known = lists.get(entry.key);
    if (known) known.push(...items);
    else {
      lists.set(entry.key, items);
      const { block: _, ...attribute } = entry;
      entries.push({ ...attribute, value: { type: 'list', items, ...rangeOf(entry.value) } });
    }
  }
  return { ...value, entries };
}

function shapedValue(value: Located, schema: Schema): Located {
  if (schema.kind === 'object' || schema.kind === 'map') {
    const one = single(value);
    return one.type === 'map' ? mapOf(one, schema) : one;
  }
  if (schema.kind !== 'list') return value;
  return value.type === 'list' ? { ...value, items: value.items.map((item) => shapedValue(item, schema.item)) } : value;
}

function single(value: Located): Located {
  const [first, ...others] = value.type === 'list' ? value.items : [];
  return first?.type === 'map' && others.length === 0 ? first : value;
}

/** `{ web = { … } }`, or a list of such, as items that have their label inside. A body without a label stays as it is. */
function itemsWithLabels(value: Located): Located[] {
  if (value.type === 'list') return value.items.flatMap(itemsWithLabels);
  if (value.type !== 'map' || !value.entries.every((entry) => isBody(entry.value))) return [value];
  // Who has fields of its own has no label, which the schema asks for.
  if (value.entries.length === 0 || value.entries.some(({ key }) => OWN_BLOCKS.includes(key))) return [value];
  return value.entries.flatMap(({ key, keyRange, value: body }) => {
    const name: LocatedEntry = { key: 'name', value: { type: 'string', value: key, ...(keyRange ? { range: keyRange } : {}) } };
    const bodies = body.type === 'list' ? body.items : [body];
    return bodies.map((one): Located => (one.type === 'map' ? { ...one, entries: [name, ...one.entries] } : one));
  });
}

/** Blocks that a group or task without a label may begin with. */
const OWN_BLOCKS: readonly string[] = ['task', 'network', 'service', 'config', 'env', 'template', 'resources', 'restart', 'meta'];

const itemsOf = (value: Located): readonly Located[] => (value.type === 'list' ? value.items : [value]);

const isBody = (value: Located): boolean =>
  value.type === 'map' || (value.type === 'list' && value.items.length > 0 && value.items.every((item) => item.type === 'map'));

const rangeOf = ({ range }: Located) => (range ? { range } : {});

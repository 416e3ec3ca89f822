import { ENTRY_KINDS } from '../../entries/table.ts';
import { bool, int, list, map, type Shape, string, struct } from '../../filter/shape.ts';
import type { Schema } from '../../schema/schema.ts';

/** What a filter over config entries may look at: the fields of all kinds. One that a kind does not have is empty there. */
export function entryShape(): Shape {
  const common = struct({ Kind: string, Name: string, Meta: map(string), CreateIndex: int, ModifyIndex: int });
  return ENTRY_KINDS.reduce<Shape>((all, row) => merge(all, shapeOf(row.schema) ?? common), common);
}

function shapeOf(schema: Schema): Shape | undefined {
  switch (schema.kind) {
    case 'int':
      return int;
    case 'bool':
      return bool;
    case 'list': {
      const item = shapeOf(schema.item);
      return item && list(item);
    }
    case 'map': {
      const value = shapeOf(schema.value);
      return value && map(value);
    }
    case 'object': {
      const fields = Object.entries(schema.fields).map(([name, field]) => [name, shapeOf(field.schema)] as const);
      return struct(Object.fromEntries(fields.filter((field): field is [string, Shape] => field[1] !== undefined)));
    }
    case 'any':
      return undefined;
    case 'string':
    case 'float':
    case 'duration':
      return string;
  }
}

/** Where two kinds have a field of the same name, it has what both have; of different sorts, the first counts. */
function merge(a: Shape, b: Shape): Shape {
  if (a.kind === 'list' && b.kind === 'list') return list(merge(a.item, b.item));
  if (a.kind !== 'struct' || b.kind !== 'struct') return a;
  const fields = { ...a.fields };
  for (const [name, shape] of Object.entries(b.fields)) fields[name] = Object.hasOwn(fields, name) ? merge(fields[name]!, shape) : shape;
  return struct(fields);
}

import { positionOf } from '../../base/source.ts';
import { fromJson, groupByKey, type Json, type Located, type LocatedEntry, type LocatedMap } from '../../schema/located.ts';
import type { Field, Schema } from '../../schema/schema.ts';
import type { DeclaredResource } from './namespace.ts';

/** What is known of the outputs of a resource. Undefined: nothing yet, not even which ones would be known before it is applied. */
export type KnownOutputs = Readonly<Record<string, Json | undefined>> | undefined;

/**
 * A resource as expressions see it: the attributes of its block (repeated blocks are lists, what is left out has its default or is
 * null), `meta`, and what it gives beside them.
 */
export function resourceValue(resource: DeclaredResource, located: LocatedMap, outputs: KnownOutputs): Located {
  const { type, block } = resource;
  const own = blockValue(located, type.schema);
  const given = Object.keys(type.outputs?.fields ?? {}).map((key): LocatedEntry => ({ key, value: outputValue(outputs?.[key]) }));
  const hidden = new Set([...given.map(({ key }) => key), 'meta']);
  const entries = own.type === 'map' ? own.entries.filter(({ key }) => !hidden.has(key)) : [];
  return { type: 'map', entries: [...entries, ...given, { key: 'meta', value: metaOf(resource) }], range: block.headerRange };
}

/** A value of a running resource that this blueprint does not define: only what it gives. */
export function runningValue(id: string, outputs: KnownOutputs): Located {
  const meta = fromJson({ id });
  return {
    type: 'map',
    entries: [...Object.entries(outputs ?? {}).map(([key, value]) => ({ key, value: outputValue(value) })), { key: 'meta', value: meta }],
  };
}

function metaOf({ type, block, namespace, file }: DeclaredResource): Located {
  const name = block.labels[0]?.value ?? '';
  const { source, start } = block.headerRange;
  const { line, column } = positionOf(source, start);
  return fromJson({ id: namespace.idOf(type.type, name), name, type: type.type, module: namespace.path.join('.'), file, line, column });
}

/** As `fromJson`, but what is undefined is not known yet, at any depth. */
function outputValue(value: unknown): Located {
  if (value === undefined) return { type: 'unknown' };
  if (Array.isArray(value)) return { type: 'list', items: value.map(outputValue) };
  if (typeof value === 'object' && value !== null)
    return { type: 'map', entries: Object.entries(value).map(([key, inner]) => ({ key, value: outputValue(inner) })) };
  return fromJson(value);
}

function blockValue(located: Located, schema: Schema): Located {
  if (schema.kind === 'list' && located.type === 'list')
    return { ...located, items: located.items.map((item) => blockValue(item, schema.item)) };
  if (schema.kind !== 'object' || located.type !== 'map') return located;
  const groups = groupByKey(located.entries);
  const given = [...groups].map(([key, group]): LocatedEntry => {
    const field: Field | undefined = Object.hasOwn(schema.fields, key) ? schema.fields[key] : undefined;
    const last = group.at(-1)!;
    if (!field) return { key, value: last.value };
    if (field.schema.kind !== 'list' || !group.some(({ block }) => block)) return { key, value: blockValue(last.value, field.schema) };
    const { item } = field.schema;
    return { key, value: { type: 'list', items: group.map(({ value }) => blockValue(value, item)) } };
  });
  const absent = Object.entries(schema.fields).filter(([key, field]) => !groups.has(key) && field.refused === undefined);
  return { ...located, entries: [...given, ...absent.map(([key, field]) => ({ key, value: standard(field) }))] };
}

function standard({ schema, default: value }: Field): Located {
  // A duration is kept in nanoseconds, which nobody has written.
  if (value === undefined || schema.kind === 'duration') return { type: 'null' };
  return fromJson(value);
}

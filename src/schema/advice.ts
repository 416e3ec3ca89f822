import { describeType, type Located, type LocatedEntry } from './located.ts';
import type { Field, Schema } from './schema.ts';

/** What is wrong with the form of a value, and how to write it. */
export interface Advice {
  /** `must be a block, not a string`: goes on after the name of the field. */
  readonly problem: string;
  readonly hint?: string;
  /** The name is at fault, not the value. */
  readonly atName?: boolean;
}

type ObjectSchema = Schema & { readonly kind: 'object' };

/** In HCL, where an attribute (`image = …`) stands for a block (`image { … }`), or the reverse. */
export function adviseForm({ key, value, block }: LocatedEntry, schema: Schema): Advice | undefined {
  const form = schema.kind === 'list' ? schema.item : schema;
  if (form.kind === 'object') {
    if (block || value.type === 'map' || value.type === 'null' || value.type === 'unknown') {
      const many = schema.kind === 'list' && !block && value.type === 'map';
      return many ? { problem: 'must be blocks, not an object', hint: `write one block for each: ${blockOf(key, form)}` } : undefined;
    }
    if (value.type === 'list' && schema.kind === 'list') return undefined;
    return { problem: `must be a block, not ${describeType(value)}`, hint: `write ${blockOf(key, form, value)}` };
  }
  if (block && ['string', 'int', 'float', 'bool', 'duration'].includes(schema.kind))
    return { problem: 'is an attribute, not a block', hint: `write ${key} = ${exampleOf(schema)}`, atName: true };
  const isText = value.type === 'string' || value.type === 'number';
  if (schema.kind === 'list' && isText)
    return { problem: `must be a list, not ${describeType(value)}`, hint: `write ${key} = [${written(value) ?? '…'}]` };
  return undefined;
}

/** `image { name = … }`: with all that has to be in it, and the value itself if it fits the only one of these. */
function blockOf(key: string, { fields }: ObjectSchema, value?: Located): string {
  const all = Object.entries(fields).filter(([, field]) => field.refused === undefined);
  const needed = all.filter(([, field]) => field.required && field.default === undefined);
  const shown = (needed.length > 0 ? needed : all.slice(0, 1)).slice(0, 3);
  const [only] = shown.length === 1 && value ? shown : [];
  const text = only && fits(value!, only[1]) ? written(value!) : undefined;
  if (shown.length > 1) return `${key} { … }, with ${shown.map(([name]) => name).join(' and ')} in it`;
  return `${key} { ${shown.map(([name]) => `${name} = ${text ?? '…'}`).join('')} }`;
}

function fits(value: Located, { schema }: Field): boolean {
  return (schema.kind === 'string' && value.type === 'string') || (schema.kind === 'int' && value.type === 'number');
}

function exampleOf({ kind }: Schema): string {
  return kind === 'string' ? '"…"' : kind === 'duration' ? '"30s"' : kind === 'bool' ? 'true' : '…';
}

/** A value as it stands in the source, if it does: one that was computed may be nobody's business. */
export function written(value: Located): string | undefined {
  if (!value.range) return undefined;
  const text = value.range.source.text.slice(value.range.start, value.range.end);
  const literal = value.type === 'string' ? [JSON.stringify(value.value), value.value].includes(text) : /^-?[\d.]+$/.test(text);
  return literal && text.length <= 60 ? text : undefined;
}

const BOOLS: Readonly<Record<string, boolean>> = { yes: true, on: true, y: true, '1': true, no: false, off: false, n: false, '0': false };

/** Values of the right idea in the wrong words: `"yes"` for true, `"8080/tcp"` for a number, `30` for `"30s"`. */
export function adviseValue(value: Located, schema: Schema): string | undefined {
  const text = value.type === 'string' ? value.value.trim() : value.type === 'number' ? String(value.value) : undefined;
  if (text === undefined) return undefined;
  const word = text.toLowerCase();
  if (schema.kind === 'bool') {
    const bool = Object.hasOwn(BOOLS, word) ? BOOLS[word] : word === 'true' ? true : word === 'false' ? false : undefined;
    return bool === undefined ? undefined : `write ${bool}`;
  }
  if (schema.kind === 'int') {
    const whole = /^(\d+)(?:\/[a-z]+)$/.exec(word)?.[1];
    return whole && `write ${whole}`;
  }
  if (schema.kind === 'duration') {
    const [, amount, unit = 's'] = /^(\d+)(?: *(ms|s|m|h)[a-z]*)?$/.exec(word) ?? [];
    return amount && `write "${amount}${unit}"`;
  }
  return undefined;
}

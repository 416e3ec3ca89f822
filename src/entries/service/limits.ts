import type { Range } from '../../base/source.ts';
import { any, type Field, optional, type Schema } from '../../schema/schema.ts';
import { fieldsOf } from '../canonical.ts';
import { joinPath } from '../lenient.ts';
import { caution, type Problem, problem } from '../problem.ts';

/** A field of Consul that this version reads and can't serve: an error, so that nobody relies on it; or a warning, where it is harmless. */
export interface LimitedField extends Field {
  readonly unsupported: 'error' | 'warning';
}

export const unsupported = (doc: string): LimitedField & Field<Schema, false> => ({ ...optional(any(), doc), unsupported: 'error' });
export const ignored = (doc: string): LimitedField & Field<Schema, false> => ({ ...optional(any(), doc), unsupported: 'warning' });

/** Names every field of a decoded value that says something and can't be served, with its place. */
export function reportLimits(value: unknown, schema: Schema, path: string, ranges: ReadonlyMap<string, Range>): Problem[] {
  if (schema.kind === 'list') return asList(value).flatMap((item, i) => reportLimits(item, schema.item, `${path}[${i}]`, ranges));
  if (typeof value !== 'object' || value === null) return [];
  const given = value as Readonly<Record<string, unknown>>;
  return Object.entries(fieldsOf(schema)).flatMap(([name, field]) => {
    const at = joinPath(path, name);
    if (!saysSomething(given[name])) return [];
    if (!('unsupported' in field)) return reportLimits(given[name], field.schema, at, ranges);
    const where = { subject: ranges.get(at), detail: field.doc };
    const text = JSON.stringify(at);
    if (field.unsupported === 'warning') return [caution(at, `${text} has no effect in this version of mesh`, defined(where))];
    return [problem('listed', at, `${text} is not supported by this version of mesh yet`, defined(where))];
  });
}

const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function saysSomething(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return value !== undefined && value !== null && value !== '' && value !== false && value !== 0;
}

function defined(where: { subject: Range | undefined; detail: string }): { subject?: Range; detail: string } {
  const { subject, detail } = where;
  return subject ? { subject, detail } : { detail };
}

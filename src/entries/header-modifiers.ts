import { unknownOperators } from '../base/envoy-format.ts';
import { isFieldName, PROXY_OWNED } from '../base/http-fields.ts';
import { type Decoded, list, map, object, optional, string } from '../schema/schema.ts';

/** Edits of the headers of a request or of an answer. */
export const headerModifiers = object({
  Add: optional(map(string()), 'Headers to add; one that is there already gets one more value.'),
  Set: optional(map(string()), 'Headers to set; one that is there already is replaced.'),
  Remove: optional(list(string()), 'Headers to remove.'),
});

export type HeaderModifiers = Decoded<typeof headerModifiers>;

/** RFC 9110: visible characters, spaces and tabs; never a line break. */
const VALUE = /^[\t\x20-\x7e\x80-\u{10ffff}]*$/u;

/** What is wrong with edits: `text` begins with the field below them. `allowed`: they are kept, but not all of them are made. */
export interface HeaderProblem {
  readonly text: string;
  readonly allowed: boolean;
}

/** What can't stand in a message, which Consul leaves to Envoy to refuse, and what only a proxy itself may write. */
export function headerProblems(modifiers: HeaderModifiers | undefined): HeaderProblem[] {
  const found: HeaderProblem[] = [];
  const check = (edit: string, name: string, value: string): void => {
    const header = JSON.stringify(name);
    if (!isFieldName(name)) found.push({ text: `${edit} has an invalid header name ${header}`, allowed: false });
    if (!VALUE.test(value)) found.push({ text: `${edit} has an invalid value for header ${header}`, allowed: false });
    if (PROXY_OWNED.has(name.toLowerCase()))
      found.push({ text: `${edit} names ${header}, which only sidecars write: it stays as it is`, allowed: true });
    const [unknown] = unknownOperators(value);
    if (unknown !== undefined)
      found.push({
        text: `${edit} has ${unknown} for header ${header}, which is no operator here: the value stays as it is`,
        allowed: true,
      });
  };
  for (const edit of ['Add', 'Set'] as const) {
    for (const [name, value] of Object.entries(modifiers?.[edit] ?? {})) check(edit, name, value);
  }
  for (const name of modifiers?.Remove ?? []) check('Remove', name, '');
  return found;
}

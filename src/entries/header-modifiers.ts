import { type Decoded, list, map, object, optional, string } from '../schema/schema.ts';

/** Edits of the headers of a request or of an answer. */
export const headerModifiers = object({
  Add: optional(map(string()), 'Headers to add; one that is there already gets one more value.'),
  Set: optional(map(string()), 'Headers to set; one that is there already is replaced.'),
  Remove: optional(list(string()), 'Headers to remove.'),
});

export type HeaderModifiers = Decoded<typeof headerModifiers>;

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** RFC 9110: visible characters, spaces and tabs; never a line break. */
const VALUE = /^[\t\x20-\x7e\x80-\u{10ffff}]*$/u;

/** What can't stand in a message. Consul leaves this to Envoy, which then refuses the whole configuration. */
export function headerProblems(modifiers: HeaderModifiers | undefined): string[] {
  const found: string[] = [];
  for (const edit of ['Add', 'Set'] as const) {
    for (const [name, value] of Object.entries(modifiers?.[edit] ?? {})) {
      if (!TOKEN.test(name)) found.push(`${edit} has an invalid header name ${JSON.stringify(name)}`);
      if (!VALUE.test(value)) found.push(`${edit} has an invalid value for header ${JSON.stringify(name)}`);
    }
  }
  for (const name of modifiers?.Remove ?? []) {
    if (!TOKEN.test(name)) found.push(`Remove has an invalid header name ${JSON.stringify(name)}`);
  }
  return found;
}

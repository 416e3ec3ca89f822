import { isFieldName, isFieldValue } from '../../base/http-fields.ts';
import { HttpFault } from './fault.ts';

/** Header or trailer fields in the order, and with the letter case, in which they came. */
export interface Fields {
  /** name, value, name, value, … */
  readonly list: readonly string[];
  /** Values of the fields that frame, route or judge a message, by lower-case name; absent when the field is. */
  readonly known: Readonly<Partial<Record<KnownField, readonly string[]>>>;
}

const KNOWN = ['connection', 'content-length', 'expect', 'grpc-status', 'host', 'te', 'transfer-encoding', 'upgrade'] as const;
export type KnownField = (typeof KNOWN)[number];
const KNOWN_BY_NAME = new Map<string, KnownField>(KNOWN.map((name) => [name, name]));

const MAX_FIELDS = 200;

const NO_ELEMENTS: readonly string[] = [];

export const NO_FIELDS: Fields = { list: [], known: {} };

/** Reads field lines, each ended by CRLF, from `from` to the end of `text`. */
export function parseFields(text: string, from: number): Fields | HttpFault {
  const list: string[] = [];
  const known: Partial<Record<KnownField, string[]>> = {};
  for (let at = from; at < text.length; ) {
    const end = text.indexOf('\r\n', at);
    const first = text.charCodeAt(at);
    if (first === 0x20 || first === 0x09) return new HttpFault(400, 'a header field is folded over two lines');
    const colon = text.indexOf(':', at);
    if (colon === -1 || colon > end) return new HttpFault(400, 'a header line has no colon');
    const name = text.slice(at, colon);
    // Whitespace before the colon lands here too: it is how one parser sees "Content-Length" and another doesn't.
    if (!isFieldName(name)) return new HttpFault(400, 'a header name has characters that are not allowed in it');
    const value = trimOws(text, colon + 1, end);
    if (!isFieldValue(value)) return new HttpFault(400, `the value of ${name} has control characters`);
    if (list.length >= 2 * MAX_FIELDS) return new HttpFault(431, `more than ${MAX_FIELDS} header fields`);
    list.push(name, value);
    const key = knownField(name);
    if (key !== undefined) known[key] = [...(known[key] ?? []), value];
    at = end + 2;
  }
  return { list, known };
}

/** Undefined for a field that is none of these. */
export function knownField(name: string): KnownField | undefined {
  return name.length <= 17 ? KNOWN_BY_NAME.get(name.toLowerCase()) : undefined;
}

/** The first value of a field; `name` is in lower case. */
export function fieldOf({ list }: Fields, name: string): string | undefined {
  for (let i = 0; i < list.length; i += 2) {
    const field = list[i]!;
    if (field.length === name.length && field.toLowerCase() === name) return list[i + 1];
  }
  return undefined;
}

function trimOws(text: string, from: number, to: number): string {
  let start = from;
  let end = to;
  while (start < end && isOws(text.charCodeAt(start))) start++;
  while (end > start && isOws(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function isOws(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

/** Elements of a comma-separated field, lower case, empty ones dropped. */
export function listElements(values: readonly string[] | undefined): readonly string[] {
  if (values === undefined) return NO_ELEMENTS;
  return values
    .join(',')
    .toLowerCase()
    .split(',')
    .map((element) => element.trim())
    .filter((element) => element !== '');
}

import { HttpFault } from '../http1/fault.ts';
import { type Fields, type KnownField, knownField } from '../http1/fields.ts';

/** Header fields as node:http2 gives them, split into what HTTP/2 says in pseudo-header fields and the others. */
export interface ReadFields {
  /** By name without the colon. */
  readonly pseudo: Readonly<Record<string, string>>;
  readonly fields: Fields;
}

/** What a field line of HTTP/1 has besides name and value. */
const LINE_OVERHEAD = ': \r\n'.length;

/**
 * `raw` is name, value, name, value, …, whose characters and pseudo-header fields nghttp2 has judged (RFC 9113 8.2, 8.3). Cookies
 * become one field again, for HTTP/1 has no other way to carry them (8.2.3).
 */
export function readFields(raw: readonly string[], maxBytes: number): ReadFields | HttpFault {
  const pseudo: Record<string, string> = {};
  const list: string[] = [];
  const known: Partial<Record<KnownField, string[]>> = {};
  let bytes = 0;
  let cookie = -1;
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i]!;
    const value = raw[i + 1]!;
    bytes += name.length + value.length + LINE_OVERHEAD;
    if (bytes > maxBytes) return new HttpFault(431, `the head exceeds ${maxBytes} bytes`);
    if (name.startsWith(':')) {
      pseudo[name.slice(1)] = value;
      continue;
    }
    if (name === 'cookie' && cookie >= 0) {
      list[cookie] += `; ${value}`;
      continue;
    }
    if (name === 'cookie') cookie = list.length + 1;
    list.push(name, value);
    const key = knownField(name);
    if (key !== undefined) known[key] = [...(known[key] ?? []), value];
  }
  return { pseudo, fields: { list, known } };
}

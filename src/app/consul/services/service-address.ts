import { parseGoInt } from '../../../base/go-parse.ts';
import type { Result } from '../../../base/result.ts';

type Refused = Extract<Result<never, string>, { ok: false }>;

/** `host:port` or `[v6]:port`, with the errors of Go's net package. */
export function parseServiceAddress(text: string): Result<{ readonly Address: string; readonly Port: number }, string> {
  const wrong = (why: string): Refused => ({ ok: false, error: `address ${text}: ${why}` });
  const colon = text.lastIndexOf(':');
  if (colon === -1) return wrong('missing port in address');
  let host = text.slice(0, colon);
  if (text.startsWith('[')) {
    const end = text.indexOf(']');
    if (end === -1) return wrong("missing ']' in address");
    if (end + 1 === text.length) return wrong('missing port in address');
    if (end + 1 !== colon) return wrong(text[end + 1] === ':' ? 'too many colons in address' : 'missing port in address');
    host = text.slice(1, end);
  } else if (host.includes(':')) return wrong('too many colons in address');
  const digits = text.slice(colon + 1);
  const port = /^[+-]?\d+$/.test(digits) ? parseGoInt(digits.replace(/^([+-]?)0+(?=\d)/, '$1')) : undefined;
  if (port === undefined) return { ok: false, error: `strconv.Atoi: parsing ${JSON.stringify(digits)}: invalid syntax` };
  return { ok: true, value: { Address: host, Port: port } };
}

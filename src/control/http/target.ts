import { HttpError } from './answer.ts';

/** What a request asks for: its path, decoded, and its query, not yet. */
export interface Target {
  readonly path: string;
  readonly query: string;
}

/** Letters, marks, numbers, punctuation, symbols and the one space: what Go's unicode.IsPrint takes. */
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]*$/u;
const PLAIN = /^[\w/.~-]*$/;

/**
 * Reads a request target. Consul refuses paths with characters that can't be printed before it looks at them, and Go those
 * whose escapes are broken. A proxy's form (`http://host/path`) means its path.
 */
export function parseTarget(target: string): Target {
  const mark = target.indexOf('?');
  let raw = mark === -1 ? target : target.slice(0, mark);
  const query = mark === -1 ? '' : target.slice(mark + 1);
  if (!raw.startsWith('/')) raw = raw.replace(/^https?:\/\/[^/]*/i, '') || '/';
  if (PLAIN.test(raw)) return { path: raw, query };
  const path = decode(raw);
  if (path === undefined) throw new HttpError(400, '400 Bad Request');
  if (!PRINTABLE.test(path)) throw new HttpError(400, '');
  return { path, query };
}

/** Bytes that are no UTF-8 become U+FFFD, as they do for Go's printers. Undefined: an escape is broken. */
function decode(raw: string): string | undefined {
  if (!raw.includes('%')) return raw;
  try {
    return decodeURIComponent(raw);
  } catch {
    if (/%(?![0-9a-f]{2})/i.test(raw)) return undefined;
    const bytes = raw.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    return Buffer.from(bytes, 'latin1').toString('utf8');
  }
}

/** Where Go's ServeMux sends a path that is not in its shortest form; undefined for one that is. */
export function cleaned(path: string): string | undefined {
  if (!/\/\/|\/\.{1,2}(?:\/|$)/.test(path)) return undefined;
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  const isFolder = path.endsWith('/') && parts.length > 0;
  return `/${parts.join('/')}${isFolder ? '/' : ''}`;
}

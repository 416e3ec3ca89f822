/** What only a closer look can tell from a path that is in its normal form already. */
const SUSPECT = /[%\\]|\/\/|\/\.{1,2}(?:\/|$)/;
/** RFC 3986 2.3: escaped or not, they are the same. */
const UNRESERVED = /[0-9A-Za-z\-._~]/;
const NOT_IN_TARGETS = /[^\x21\x22\x24-\x3e\x40-\x7e]/gu;

/**
 * A path as an application would understand it, so that no spelling of it goes past a route: `//` is `/`, `.` and `..` are
 * resolved (never above the root), escapes of unreserved characters are the characters, other escapes in upper case, and a
 * backslash is a slash (Envoy: normalize_path, merge_slashes). An escaped slash counts as one too, unless it is to be kept.
 */
export function normalizePath(path: string, escapedSlashes: 'decode' | 'keep' = 'decode'): string {
  if (!SUSPECT.test(path) || !path.startsWith('/')) return path;
  return resolveDots(decodeEscapes(path, escapedSlashes === 'decode'));
}

/** True for what has one spelling only, which all readers take for the same. */
export function isPlainPath(path: string): boolean {
  return !SUSPECT.test(path);
}

export interface SentPathOptions {
  readonly decodeSlashes: boolean;
  readonly mergeSlashes: boolean;
}

/**
 * A path as a sidecar hands it to its application (Envoy: normalize_path): `.` and `..` are resolved, a backslash is a slash,
 * escapes of unreserved characters are the characters. All else keeps the spelling of the client.
 */
export function sentPath(path: string, options: SentPathOptions): string {
  if (!path.startsWith('/') || isPlainPath(path)) return path;
  const decoded = undoEscapes(path, options.decodeSlashes);
  return options.mergeSlashes ? resolveDots(decoded) : resolveDotsOnly(decoded);
}

/** A path of a permission as it is compared with one that `sentPath` has left as it came. */
export function sentPattern(text: string): string {
  return undoEscapes(escapeForTarget(text), false);
}

/** A path of a route as it is compared with a normal one. `text` may be a prefix that ends anywhere. */
export function comparablePath(text: string): string {
  return decodeEscapes(escapeForTarget(text), true).replace(/\/{2,}/g, '/');
}

/**
 * Puts `replacement` in the place of the first `length` characters of the normal path. The rest keeps the spelling of the
 * client, `%2F` included, unless that would lead elsewhere than the path that was matched: `/a/..%2F..%2Fb`.
 */
export function replacePrefix(sent: string, normal: string, length: number, replacement: string): string {
  const resolved = normalizePath(rooted(replacement + normal.slice(length)));
  if (sent.slice(0, length) !== normal.slice(0, length)) return resolved;
  const kept = normalizePath(rooted(replacement + sent.slice(length)), 'keep');
  return normalizePath(kept) === resolved ? kept : resolved;
}

/** Text of a configuration as it may stand in the path of a request target. */
export function escapeForTarget(text: string): string {
  return text.replace(NOT_IN_TARGETS, (char) => Array.from(Buffer.from(char), escapeByte).join(''));
}

function rooted(path: string): string {
  return path.startsWith('/') ? path : `/${path}`;
}

function decodeEscapes(path: string, slashes: boolean): string {
  return path.replace(/%([0-9A-Fa-f]{2})?|\\/g, (written, hex: string | undefined) => {
    if (written === '\\') return '/';
    // A stray % is itself, and must not make an escape of what follows.
    if (hex === undefined) return '%25';
    const char = String.fromCharCode(Number.parseInt(hex, 16));
    if (UNRESERVED.test(char)) return char;
    return slashes && (char === '/' || char === '\\') ? '/' : written.toUpperCase();
  });
}

function undoEscapes(path: string, slashes: boolean): string {
  return path.replace(/%([0-9A-Fa-f]{2})|\\/g, (written, hex: string | undefined) => {
    if (hex === undefined) return '/';
    const char = String.fromCharCode(Number.parseInt(hex, 16));
    if (UNRESERVED.test(char)) return char;
    return slashes && (char === '/' || char === '\\') ? '/' : written;
  });
}

/** RFC 3986 5.2.4: an empty segment is a segment. */
function resolveDotsOnly(path: string): string {
  const kept: string[] = [];
  const segments = path.split('/').slice(1);
  for (const segment of segments) {
    if (segment === '..') kept.pop();
    else if (segment !== '.') kept.push(segment);
  }
  const last = segments.at(-1);
  if (last === '.' || last === '..') kept.push('');
  return `/${kept.join('/')}`;
}

function resolveDots(path: string): string {
  const segments = path.split('/');
  const last = segments.at(-1)!;
  const kept: string[] = [];
  for (const segment of segments) {
    if (segment === '..') kept.pop();
    else if (segment !== '' && segment !== '.') kept.push(segment);
  }
  const endsInSlash = kept.length > 0 && (last === '' || last === '.' || last === '..');
  return `/${kept.join('/')}${endsInSlash ? '/' : ''}`;
}

function escapeByte(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

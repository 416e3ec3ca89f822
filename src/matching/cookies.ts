import type { HashPolicy } from '../compile/proxy-config.ts';

/** The value of a cookie, without its quotes; undefined when it is missing or empty. */
export function cookieOf(header: string | undefined, name: string): string | undefined {
  for (const pair of header?.split(/[;,]/) ?? []) {
    const at = pair.indexOf('=');
    if (at === -1 || pair.slice(0, at).trim() !== name) continue;
    const value = pair.slice(at + 1).trim();
    const bare = value.length > 1 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
    return bare === '' ? undefined : bare;
  }
  return undefined;
}

export type CookieSettings = Pick<Extract<HashPolicy, { type: 'cookie' }>, 'name' | 'path' | 'ttlMs'>;

/** Envoy: 16 hex digits, quoted. */
export function setCookie({ name, path, ttlMs = 0 }: CookieSettings, value: string): string {
  const age = ttlMs === 0 ? '' : `; Max-Age=${Math.ceil(ttlMs / 1_000)}`;
  return `${name}="${value}"${age}${path === undefined ? '' : `; Path=${path}`}; HttpOnly`;
}

export function newValue(random: () => number): string {
  const half = () =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0');
  return half() + half();
}

import { createHash } from 'node:crypto';

/** The same text has the same UUID everywhere: version 8 (free form), made of its SHA-256. */
export function nameUuid(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
}

/** Milliseconds since the epoch as Go's encoding/json prints a time in UTC: RFC 3339 without trailing zeros. */
export function goTime(ms: number): string {
  return new Date(ms).toISOString().replace(/\.?0+Z$/, 'Z');
}

/** Go's time that was never set. */
export const ZERO_TIME = '0001-01-01T00:00:00Z';

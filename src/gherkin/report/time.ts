/** `0.28 s`, `12.3 s`, `2 min 5 s`; what takes no time worth telling is empty. */
export function duration(ms: number): string {
  if (ms < 5) return '';
  if (ms < 10_000) return `${(ms / 1000).toFixed(2)} s`;
  if (ms < 120_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

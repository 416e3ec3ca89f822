/** Figures as people read them, in few characters. What is not known, or nothing, is `-`. */
export const NONE = '-';

/** A second: `0.5`, `42.0`, `1234`, `12.3k`. */
export function rateText(perSecond: number): string {
  if (perSecond === 0) return NONE;
  if (perSecond >= 10_000) return `${(perSecond / 1000).toFixed(1)}k`;
  return perSecond < 100 ? perSecond.toFixed(1) : perSecond.toFixed(0);
}

/** `100%` is said of nothing less. */
export function shareText(share: number | undefined): string {
  if (share === undefined) return NONE;
  return share >= 1 ? '100%' : `${(Math.floor(share * 1000) / 10).toFixed(1)}%`;
}

/** `0.4ms`, `12ms`, `1.2s`, `2.0m` */
export function timeText(ms: number | undefined): string {
  if (ms === undefined) return NONE;
  if (ms < 9.95) return `${ms.toFixed(1)}ms`;
  if (ms < 999.5) return `${ms.toFixed(0)}ms`;
  return ms < 59_950 ? `${(ms / 1000).toFixed(1)}s` : `${(ms / 60_000).toFixed(1)}m`;
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** `512B`, `1.5kB` */
export function bytesText(bytes: number): string {
  if (bytes === 0) return NONE;
  let unit = 0;
  let left = bytes;
  while (left >= 999.5 && unit < UNITS.length - 1) {
    left /= 1000;
    unit++;
  }
  return `${unit === 0 || left >= 99.95 ? left.toFixed(0) : left.toFixed(1)}${UNITS[unit]}`;
}

export const countText = (count: number): string => (count === 0 ? NONE : String(count));

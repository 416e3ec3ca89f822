/** Go's duration syntax, which Consul, Shipyard and fake-service share: `300ms`, `1h30m`, `-1.5s`. Values are nanoseconds. */

const UNITS: Record<string, number> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

/** An int64 of nanoseconds, about 292 years. */
const MAX_NS = 2 ** 63;

export type DurationResult = { ok: true; ns: number } | { ok: false; error: string };

/** Parses as Go's time.ParseDuration, with its error texts (`time: missing unit in duration "5"`). */
export function parseDuration(text: string): DurationResult {
  const fail = (error: string): DurationResult => ({ ok: false, error: `time: ${error}` });
  let rest = text;
  let sign = 1;
  if (rest.startsWith('-') || rest.startsWith('+')) {
    sign = rest.startsWith('-') ? -1 : 1;
    rest = rest.slice(1);
  }
  if (rest === '0') return { ok: true, ns: 0 };
  if (rest === '') return fail(`invalid duration ${JSON.stringify(text)}`);
  let total = 0;
  while (rest !== '') {
    const number = /^(\d+\.?\d*|\.\d+)/.exec(rest)?.[0];
    if (number === undefined) return fail(`invalid duration ${JSON.stringify(text)}`);
    rest = rest.slice(number.length);
    const unit = /^[^\d.]+/.exec(rest)?.[0];
    if (unit === undefined) return fail(`missing unit in duration ${JSON.stringify(text)}`);
    const scale = UNITS[unit];
    if (scale === undefined) return fail(`unknown unit ${JSON.stringify(unit)} in duration ${JSON.stringify(text)}`);
    total += scaled(number, scale);
    if (total > MAX_NS) return fail(`invalid duration ${JSON.stringify(text)}`);
    rest = rest.slice(unit.length);
  }
  return { ok: true, ns: total === 0 ? 0 : sign * total };
}

/** As Go computes it: whole units, and what is below a nanosecond cut off. */
function scaled(number: string, scale: number): number {
  const [whole = '', fraction = ''] = number.split('.');
  return Number(whole) * scale + Math.trunc(Number(fraction) * (scale / 10 ** fraction.length));
}

/** Prints as Go's Duration.String: `1.8466ms`, `5m0s`, `0s`. */
export function formatDuration(ns: number): string {
  if (ns === 0) return '0s';
  const sign = ns < 0 ? '-' : '';
  const abs = Math.abs(Math.round(ns));
  if (abs < 1e3) return `${sign}${abs}ns`;
  if (abs < 1e6) return `${sign}${trimZeros(abs / 1e3, 3)}µs`;
  if (abs < 1e9) return `${sign}${trimZeros(abs / 1e6, 6)}ms`;
  const hours = Math.floor(abs / 3600e9);
  const minutes = Math.floor((abs % 3600e9) / 60e9);
  const seconds = trimZeros((abs % 60e9) / 1e9, 9);
  if (hours > 0) return `${sign}${hours}h${minutes}m${seconds}s`;
  if (minutes > 0) return `${sign}${minutes}m${seconds}s`;
  return `${sign}${seconds}s`;
}

function trimZeros(value: number, digits: number): string {
  return value.toFixed(digits).replace(/\.?0+$/, '');
}

import { type Counted, perSecond, quantileMs, successOf } from '../../api/rates.ts';

/** `0.4`, `12`, `1.3k`. */
export function short(value: number): string {
  if (value >= 999_500) return `${fixed(value / 1e6)}M`;
  if (value >= 999.5) return `${fixed(value / 1000)}k`;
  return fixed(value);
}

/** One digit after the point below ten. */
const fixed = (value: number): string => (value < 9.95 ? value.toFixed(1).replace(/\.0$/, '') : value.toFixed(0));

/** `0.4 ms`, `12 ms`, `1.5 s`. */
export const duration = (ms: number): string => (ms < 999.5 ? `${fixed(ms)} ms` : `${fixed(ms / 1000)} s`);

/** Never 100 % as long as something failed. */
export function percent(share: number): string {
  if (share === 1) return '100 %';
  return `${(Math.floor(share * 1000) / 10).toFixed(1)} %`;
}

export const bytes = (count: number): string => (count < 1000 ? `${count.toFixed(0)} B` : `${short(count)}B`);

/** `12 rps`; for connections that pass as bytes `3 conn/s`. */
export function rate(counted: Counted): string {
  const { requests, connections } = counted;
  if (requests === 0 && connections.begun > 0) return `${short(perSecond(connections.begun, counted))} conn/s`;
  return `${short(perSecond(requests, counted))} rps`;
}

export const isIdle = ({ requests, connections }: Counted): boolean =>
  requests === 0 && connections.begun === 0 && connections.active === 0;

/** Rate, success and the time that 95 of 100 requests take at most: `12 rps · 100 % · p95 8 ms`. */
export function inShort(counted: Counted, boundsMs: readonly number[]): string {
  const { requests, connections, latency } = counted;
  if (requests === 0 && connections.begun === 0) return connections.active > 0 ? `${connections.active} open` : 'idle';
  const success = successOf(counted);
  const slow = quantileMs(0.95, latency, boundsMs);
  return [rate(counted), success === undefined ? '' : percent(success), slow === undefined ? '' : `p95 ${duration(slow)}`]
    .filter((part) => part !== '')
    .join(' · ');
}

/** `1 service`, `2 services`. */
export const count = (number: number, word: string): string => `${number} ${word}${number === 1 ? '' : 's'}`;

/** How long ago: `now`, `12 s ago`, `3 min ago`. */
export function ago(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 2) return 'now';
  if (seconds < 90) return `${seconds} s ago`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min ago` : `${Math.round(minutes / 60)} h ago`;
}

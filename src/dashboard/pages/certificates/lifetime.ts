const UNITS: readonly (readonly [name: string, ms: number])[] = [
  ['year', 365.25 * 86_400_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
];

/** `in 3 days`, `2 hours ago`: the largest unit that there are two of, so that it is never off by half. */
export function relativeTime(ms: number): string {
  const [name, size] = UNITS.find(([, unit]) => Math.abs(ms) >= 2 * unit) ?? UNITS.at(-1)!;
  const count = Math.floor(Math.abs(ms) / size);
  const text = `${count} ${name}${count === 1 ? '' : 's'}`;
  return ms < 0 ? `${text} ago` : `in ${text}`;
}

export type Urgency = 'good' | 'warn' | 'bad';

/** Of what is renewed by itself, one that is still not renewed in its last tenth is late; what is renewed by hand needs a month. */
export function urgencyOf(
  { notBefore, notAfter }: { readonly notBefore: number; readonly notAfter: number },
  at: number,
  byHand: boolean,
): Urgency {
  if (at >= notAfter || at < notBefore) return 'bad';
  const noticeMs = byHand ? 30 * 86_400_000 : (notAfter - notBefore) / 10;
  return notAfter - at < noticeMs ? 'warn' : 'good';
}

/** How much of a life is over, in percent. */
export function percentOver({ notBefore, notAfter }: { readonly notBefore: number; readonly notAfter: number }, at: number): number {
  return Math.min(100, Math.max(0, (100 * (at - notBefore)) / (notAfter - notBefore)));
}

import { numberLiteral } from './number.ts';

/** An exact decimal: `digits` / 10^`scale`. HCL 2 computes with 512 bits; doubles would turn 0.1 + 0.2 into 0.30000000000000004. */
export interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

/** Digits after the decimal point of a quotient that doesn't end. */
const QUOTIENT_SCALE = 40;

/** Far more than anything a configuration computes; keeps an exponent from filling the memory. */
export const MAX_SCALE = 1000;

/** Reads a number's text; undefined when it is none, or out of range. */
export function parseDecimal(text: string): Decimal | undefined {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (!match) return undefined;
  const fraction = match[3] ?? '';
  const scale = fraction.length - Number(match[4] ?? 0);
  if (Math.abs(scale) > MAX_SCALE || match[2]!.length > MAX_SCALE) return undefined;
  const digits = BigInt(match[2]! + fraction) * (match[1] === '-' ? -1n : 1n);
  return scale >= 0 ? { digits, scale } : { digits: digits * 10n ** BigInt(-scale), scale: 0 };
}

/** Without an exponent and without needless zeros: `1.50` is `1.5`. */
export function formatDecimal({ digits, scale }: Decimal): string {
  const sign = digits < 0n ? '-' : '';
  const text = String(digits < 0n ? -digits : digits).padStart(scale + 1, '0');
  const whole = text.slice(0, text.length - scale);
  const fraction = text.slice(text.length - scale).replace(/0+$/, '');
  return fraction === '' ? sign + whole : `${sign}${whole}.${fraction}`;
}

export function add(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return { digits: widen(a, scale) + widen(b, scale), scale };
}

export const negate = (a: Decimal): Decimal => ({ digits: -a.digits, scale: a.scale });

export const multiply = (a: Decimal, b: Decimal): Decimal => ({ digits: a.digits * b.digits, scale: a.scale + b.scale });

/** Rounds towards zero after 40 digits. `b` is not zero. */
export function divide(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale) + QUOTIENT_SCALE;
  return { digits: widen(a, scale + b.scale) / b.digits, scale };
}

/** The remainder with the sign of `a`. `b` is not zero. */
export function remainder(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return { digits: widen(a, scale) % widen(b, scale), scale };
}

/** Negative, zero or positive, as `a` is less than, equal to or greater than `b`. */
export function compare(a: Decimal, b: Decimal): number {
  const scale = Math.max(a.scale, b.scale);
  const difference = widen(a, scale) - widen(b, scale);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export const toNumber = (a: Decimal): number | bigint => numberLiteral(formatDecimal(a)).value;

const widen = (a: Decimal, scale: number): bigint => a.digits * 10n ** BigInt(scale - a.scale);

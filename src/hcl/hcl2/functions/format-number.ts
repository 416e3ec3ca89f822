import { type Decimal, formatDecimal } from '../decimal.ts';
import type { Verb } from './format.ts';

/** Go's Sprintf of one number, for the verbs b d o x X e E f g G. */
export function formatNumber(verb: Verb, number: Decimal): string {
  const { flags, width, letter } = verb;
  const negative = number.digits < 0n;
  const absolute: Decimal = { digits: negative ? -number.digits : number.digits, scale: number.scale };
  const sign = negative ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  const digits = digitsOf(verb, absolute);
  const text = letter === 'X' || letter === 'E' || letter === 'G' ? digits.toUpperCase() : digits;
  if (flags.includes('-')) return (sign + text).padEnd(width);
  return flags.includes('0') ? sign + text.padStart(width - sign.length, '0') : (sign + text).padStart(width);
}

const RADIX: Readonly<Record<string, readonly [radix: number, prefix: string]>> = {
  b: [2, '0b'],
  o: [8, '0'],
  d: [10, ''],
  x: [16, '0x'],
  X: [16, '0x'],
};

function digitsOf({ letter, flags, precision }: Verb, number: Decimal): string {
  const whole = RADIX[letter];
  if (whole) {
    const [radix, prefix] = whole;
    return (
      (flags.includes('#') ? prefix : '') +
      BigInt(formatDecimal(number))
        .toString(radix)
        .padStart(precision ?? 1, '0')
    );
  }
  if (letter === 'f') return fixed(number, precision ?? 6);
  if (letter === 'e' || letter === 'E') return exponential(number, precision ?? 6);
  return general(number, precision);
}

/** With so many digits after the point; a half goes to the even neighbour. */
function fixed(number: Decimal, places: number): string {
  const { digits } = rounded(number, places);
  const text = String(digits).padStart(places + 1, '0');
  return places === 0 ? text : `${text.slice(0, -places)}.${text.slice(-places)}`;
}

function rounded({ digits, scale }: Decimal, places: number): Decimal {
  if (scale <= places) return { digits: digits * 10n ** BigInt(places - scale), scale: places };
  const unit = 10n ** BigInt(scale - places);
  const [quotient, rest] = [digits / unit, (digits % unit) * 2n];
  return { digits: rest > unit || (rest === unit && quotient % 2n === 1n) ? quotient + 1n : quotient, scale: places };
}

/** The first digit, and the power of ten that it stands at. */
function exponentOf({ digits, scale }: Decimal): number {
  return digits === 0n ? 0 : String(digits).length - 1 - scale;
}

function exponential(number: Decimal, places: number): string {
  let exponent = exponentOf(number);
  let { digits } = rounded(number, places - exponent);
  // 9.99 may have become 10.0.
  if (String(digits).length > places + 1) {
    exponent++;
    digits = rounded(number, places - exponent).digits;
  }
  const text = String(digits).padStart(places + 1, '0');
  return withExponent(text, exponent);
}

function withExponent(digits: string, exponent: number): string {
  const mantissa = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits;
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

/** The shortest that is exact, or so many digits in all; with an exponent below -4, and where there are more places than digits (6). */
function general(number: Decimal, precision: number | undefined): string {
  const exponent = exponentOf(number);
  const significant = precision === undefined ? number : rounded(number, Math.max(precision, 1) - 1 - exponent);
  const plain = formatDecimal(significant);
  const limit = precision === undefined ? 6 : Math.max(precision, 1);
  if (exponent >= -4 && exponent < limit) return plain;
  const digits = plain.replace('.', '').replace(/^0+/, '').replace(/0+$/, '');
  return withExponent(digits === '' ? '0' : digits, exponent);
}

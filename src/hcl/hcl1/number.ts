import type { Range } from '../../base/source.ts';
import type { Located } from '../../schema/located.ts';
import type { Token } from './token.ts';

const MAX_INT64 = 2n ** 63n - 1n;

export type NumberResult =
  | { readonly ok: true; readonly value: Located & { type: 'number' } }
  | {
      readonly ok: false;
      readonly summary: string;
      readonly hint: string;
      /** Go's words, when it is its number parser that refuses. */
      readonly go: string;
    };

/**
 * The value of a number token. HCL 1 reads integers as Go does: `0x1F` is hexadecimal, a leading 0 means octal (`0600` is
 * 384), and what doesn't fit 64 bits is refused. `raw` keeps the text.
 */
export function readNumber(token: Token, range: Range): NumberResult {
  const raw = token.value;
  if (token.type === 'float') {
    const value = Number(raw);
    if (/\d[eE][+-]?$/.test(raw) || !Number.isFinite(value)) {
      return {
        ok: false,
        summary: `${raw} is not a number`,
        hint: 'an exponent is digits: 1e3',
        go: `strconv.ParseFloat: parsing ${JSON.stringify(raw)}: ${Number.isNaN(value) ? 'invalid syntax' : 'value out of range'}`,
      };
    }
    return { ok: true, value: { type: 'number', value, raw, range } };
  }
  const negative = raw.startsWith('-');
  const digits = negative ? raw.slice(1) : raw;
  const syntax = `strconv.ParseInt: parsing ${JSON.stringify(raw)}: invalid syntax`;
  if (/^0[xX]$/.test(digits))
    return { ok: false, summary: `${raw} is not a number`, hint: 'hexadecimal digits must follow 0x', go: syntax };
  const octal = /^0\d/.test(digits);
  if (octal && /[89]/.test(digits)) {
    const hint = `a leading 0 means octal; write ${raw.replace(/^(-?)0+(?=\d)/, '$1')}`;
    return { ok: false, summary: `${raw} is not an octal number`, hint, go: syntax };
  }
  const magnitude = BigInt(octal ? `0o${digits.slice(1)}` : digits);
  if (magnitude > (negative ? MAX_INT64 + 1n : MAX_INT64)) {
    const go = `strconv.ParseInt: parsing ${JSON.stringify(raw)}: value out of range`;
    return { ok: false, summary: `${raw} does not fit into 64 bits`, hint: 'write it as a string or with a decimal point', go };
  }
  const exact = negative ? -magnitude : magnitude;
  const value = Number(exact);
  return { ok: true, value: { type: 'number', value: Number.isSafeInteger(value) ? value : exact, raw, range } };
}

import type { Located } from '../../../schema/located.ts';
import { numberValue } from '../convert.ts';
import { add, compare, type Decimal, negate, parseDecimal } from '../decimal.ts';
import { type FunctionFailure, failure } from '../scope.ts';
import { define, type FunctionTable } from './define.ts';
import { intValue, listValue } from './values.ts';

const ZERO: Decimal = { digits: 0n, scale: 0 };
const ONE: Decimal = { digits: 1n, scale: 0 };
/** cty's limit. */
const MAX_RANGE = 1024;

const sign = (number: Decimal): number => compare(number, ZERO);
const toDouble = ({ digits, scale }: Decimal): number => Number(`${digits}e${-scale}`);

export const NUMBERS: FunctionTable = {
  abs: define({ parameters: { number: 'number' }, doc: 'The number without its sign.', example: ['abs(-1.5)', 1.5] }, ({ number }) =>
    numberValue(sign(number) < 0 ? negate(number) : number),
  ),
  ceil: define(
    { parameters: { number: 'number' }, doc: 'The next whole number that is not less.', example: ['ceil(1.2)', 2] },
    ({ number }) => numberValue(negate(floor(negate(number)))),
  ),
  floor: define(
    { parameters: { number: 'number' }, doc: 'The next whole number that is not greater.', example: ['floor(-1.2)', -2] },
    ({ number }) => numberValue(floor(number)),
  ),
  log: define(
    {
      parameters: { number: 'number', base: 'number' },
      doc: 'The logarithm of a number to a base, as a double.',
      example: ['log(1024, 2)', 10],
    },
    ({ number, base }) => ofDouble(Math.log(toDouble(number)) / Math.log(toDouble(base))),
  ),
  max: define(
    { parameters: {}, variadic: ['numbers', 'number'], doc: 'The greatest of the numbers.', example: ['max(1, 3, 2)', 3] },
    (_, numbers) => furthest(numbers, (a, b) => compare(a, b) > 0),
  ),
  min: define(
    { parameters: {}, variadic: ['numbers', 'number'], doc: 'The least of the numbers.', example: ['min([3, 1, 2]...)', 1] },
    (_, numbers) => furthest(numbers, (a, b) => compare(a, b) < 0),
  ),
  parseint: define(
    {
      parameters: { text: 'text', base: 'int' },
      doc: 'The whole number that a text is in a base from 2 to 62.',
      example: ['parseint("ff", 16)', 255],
    },
    ({ text, base }) => {
      if (base < 2 || base > 62) return failure('the base must be a whole number from 2 to 62', 1);
      const value = parseInteger(text, base);
      return value === undefined
        ? failure(`${JSON.stringify(text)} is no whole number in base ${base}`, 0)
        : numberValue({ digits: value, scale: 0 });
    },
  ),
  pow: define(
    {
      parameters: { number: 'number', exponent: 'number' },
      doc: 'The number to the power of the exponent, as a double.',
      example: ['pow(2, 10)', 1024],
    },
    ({ number, exponent }) => ofDouble(toDouble(number) ** toDouble(exponent)),
  ),
  range: define(
    {
      parameters: {},
      variadic: ['limits', 'number'],
      doc: 'Numbers from a start (0) up to, without it, an end, in steps (1): `range(end)`, `range(start, end)`, `range(start, end, step)`.',
      example: ['range(1, 4)', [1, 2, 3]],
    },
    (_, limits) => range(limits),
  ),
  signum: define(
    { parameters: { number: 'number' }, doc: '-1, 0 or 1, as the number is negative, zero or positive.', example: ['signum(-5)', -1] },
    ({ number }) => intValue(sign(number)),
  ),
};

function floor({ digits, scale }: Decimal): Decimal {
  const unit = 10n ** BigInt(scale);
  const whole = digits / unit;
  return { digits: digits < 0n && digits % unit !== 0n ? whole - 1n : whole, scale: 0 };
}

/** cty computes these as doubles too. */
function ofDouble(value: number): Located | FunctionFailure {
  const decimal = Number.isFinite(value) ? parseDecimal(String(value).replace('e+', 'e')) : undefined;
  return decimal ? numberValue(decimal) : failure('the result is no number that can be written');
}

function furthest(numbers: readonly Decimal[], isFurther: (a: Decimal, b: Decimal) => boolean): Located | FunctionFailure {
  const [first, ...others] = numbers;
  if (!first) return failure('at least one number is needed');
  return numberValue(others.reduce((furthestYet, number) => (isFurther(number, furthestYet) ? number : furthestYet), first));
}

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Up to base 36 letters of both cases are the same digits. */
function parseInteger(text: string, base: number): bigint | undefined {
  const [, minus, digits] = /^([+-]?)([0-9A-Za-z]+)$/.exec(text) ?? [];
  if (digits === undefined || digits.length > 1000) return undefined;
  let value = 0n;
  for (const character of base <= 36 ? digits.toLowerCase() : digits) {
    const digit = DIGITS.indexOf(character);
    if (digit >= base) return undefined;
    value = value * BigInt(base) + BigInt(digit);
  }
  return minus === '-' ? -value : value;
}

function range(limits: readonly Decimal[]): Located | FunctionFailure {
  const [first, second, third] = limits;
  if (!first || limits.length > 3) return failure('expected one, two or three numbers');
  const [start, end] = second ? [first, second] : [ZERO, first];
  const step = third ?? (compare(end, start) < 0 ? negate(ONE) : ONE);
  if (sign(step) === 0) return failure('the step must not be 0', 2);
  if (third && compare(end, start) * sign(step) < 0)
    return failure(
      `with a ${sign(step) < 0 ? 'negative' : 'positive'} step the end must be ${sign(step) < 0 ? 'less' : 'greater'} than the start`,
      1,
    );
  const numbers: Located[] = [];
  for (let number = start; compare(number, end) * sign(step) < 0; number = add(number, step)) {
    if (numbers.length >= MAX_RANGE) return failure(`these are more than ${MAX_RANGE} numbers`);
    numbers.push(numberValue(number));
  }
  return listValue(numbers);
}

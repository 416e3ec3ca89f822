import type { Range } from '../../base/source.ts';
import { describeType, type Located } from '../../schema/located.ts';
import type { BinaryExpression, BinaryOperator } from './ast.ts';
import { boolValue, decimalOf, equal, numberValue, textValue, toBool, toText } from './convert.ts';
import { add, compare, type Decimal, divide, MAX_SCALE, multiply, negate, remainder } from './decimal.ts';

/** A value, or what is wrong with which operand. */
export type Computed =
  | Located
  | { readonly type: 'error'; readonly message: string; readonly hint?: string; readonly side: 'left' | 'right' | 'both' };

const ARITHMETIC: Partial<Record<BinaryOperator, (a: Decimal, b: Decimal) => Decimal>> = {
  '+': add,
  '-': (a, b) => add(a, negate(b)),
  '*': multiply,
  '/': divide,
  '%': remainder,
};

const ORDER: Partial<Record<BinaryOperator, (order: number) => boolean>> = {
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

/** Applies an operator. Arithmetic and order take numbers, and strings that read as numbers; logic takes bools. */
export function applyBinary({ operator, range }: BinaryExpression, left: Located, right: Located): Computed {
  if (operator === '==' || operator === '!=') return boolValue(equal(left, right) === (operator === '=='), range);
  if (operator === '&&' || operator === '||') {
    const [a, b] = [toBool(left), toBool(right)];
    if (a === undefined) return wrongOperand(operator, 'true or false', left, 'left');
    if (b === undefined) return wrongOperand(operator, 'true or false', right, 'right');
    return boolValue(operator === '&&' ? a && b : a || b, range);
  }
  const [a, b] = [decimalOf(left), decimalOf(right)];
  if (!a) return wrongOperand(operator, 'a number', left, 'left');
  if (!b) return wrongOperand(operator, 'a number', right, 'right');
  const order = ORDER[operator];
  if (order) return boolValue(order(compare(a, b)), range);
  if ((operator === '/' || operator === '%') && b.digits === 0n) return { type: 'error', message: 'division by zero', side: 'right' };
  const result = ARITHMETIC[operator]!(a, b);
  if (result.scale > MAX_SCALE || (operator === '*' && String(result.digits).length > 2 * MAX_SCALE)) {
    return { type: 'error', message: 'the result is out of range', side: 'both' };
  }
  return numberValue(result, range);
}

export function applyUnary(operator: '!' | '-', operand: Located, range: Range): Computed {
  if (operator === '!') {
    const value = toBool(operand);
    return value === undefined ? wrongOperand('!', 'true or false', operand, 'right') : boolValue(!value, range);
  }
  const value = decimalOf(operand);
  return value ? numberValue(negate(value), range) : wrongOperand('-', 'a number', operand, 'right');
}

function wrongOperand(operator: string, expected: string, found: Located, side: 'left' | 'right'): Computed {
  const hint = operator === '+' && found.type === 'string' ? { hint: 'texts are joined inside of quotes, not with +' } : {};
  // Its value may be nobody's business; whoever reports this says what names stand for.
  return { type: 'error', message: `'${operator}' needs ${expected}, not ${describeType(found)}`, ...hint, side };
}

/**
 * Both results of a conditional get one type, whichever is chosen: null goes with everything, a string makes a string of
 * the other, also inside of lists and objects. Undefined when they can't agree.
 */
export function unify(chosen: Located, other: Located): Located | undefined {
  if (chosen.type === 'list' && other.type === 'list') {
    const { items } = other;
    const alike = items.length === chosen.items.length;
    return { ...chosen, items: alike ? chosen.items.map((item, i) => unifyInside(item, items[i]!)) : withStrings(chosen.items, items) };
  }
  if (chosen.type === 'map' && other.type === 'map') {
    const values = new Map(other.entries.map(({ key, value }) => [key, value]));
    const alike = values.size === chosen.entries.length && chosen.entries.every(({ key }) => values.has(key));
    const own = chosen.entries.map(({ value }) => value);
    const converted = alike
      ? chosen.entries.map(({ key, value }) => unifyInside(value, values.get(key)!))
      : withStrings(own, [...values.values()]);
    return { ...chosen, entries: chosen.entries.map((entry, i) => ({ ...entry, value: converted[i]! })) };
  }
  if (chosen.type === other.type || GOES_WITH_ALL.has(chosen.type) || GOES_WITH_ALL.has(other.type)) return chosen;
  if (chosen.type === 'string') return toText(other) === undefined ? undefined : chosen;
  if (other.type !== 'string') return undefined;
  const text = toText(chosen);
  return text === undefined ? undefined : textValue(text, chosen.range);
}

const GOES_WITH_ALL: ReadonlySet<Located['type']> = new Set(['null', 'unknown']);

const unifyInside = (chosen: Located, other: Located): Located => unify(chosen, other) ?? chosen;

/** The items of a list as they have to be in one with both: strings, if one is a string and none a list or an object. */
function withStrings(items: readonly Located[], others: readonly Located[]): readonly Located[] {
  const types = new Set([...items, ...others].map(({ type }) => type));
  if (!types.has('string') || types.has('list') || types.has('map')) return items;
  return items.map((item) => {
    const text = toText(item);
    return text === undefined ? item : textValue(text, item.range);
  });
}

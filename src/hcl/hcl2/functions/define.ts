import { describeType, type Json, type Located } from '../../../schema/located.ts';
import { decimalOf, toBool, toText } from '../convert.ts';
import { type Decimal, formatDecimal } from '../decimal.ts';
import { entriesOf } from '../navigate.ts';
import { type FunctionFailure, failure, type HclFunction } from '../scope.ts';

/** A function with what the reference page says of it. */
export interface LanguageFunction extends HclFunction {
  /** One sentence: what its value is. */
  readonly doc: string;
  /** A call and its value; run as a test. */
  readonly example: readonly [call: string, value: Json];
}

export type FunctionTable = Readonly<Record<string, LanguageFunction>>;

/** What arguments are turned into before a function sees them. */
interface Kinds {
  text: string;
  number: Decimal;
  /** A whole number that a double holds. */
  int: number;
  bool: boolean;
  list: readonly Located[];
  /** Items as strings. */
  texts: readonly string[];
  /** Entries by key, in the order of the keys. */
  object: ReadonlyMap<string, Located>;
  any: Located;
}

type Kind = keyof Kinds;

interface Definition<P extends Readonly<Record<string, Kind>>, R extends Kind> {
  readonly doc: string;
  readonly example: readonly [call: string, value: Json];
  readonly parameters: P;
  /** Name and kind of a last parameter that takes any number of arguments. */
  readonly variadic?: readonly [name: string, kind: R];
}

/** A function whose arguments are converted, as HCL 2 converts them, and refused with the place of the wrong one. */
export function define<const P extends Readonly<Record<string, Kind>>, const R extends Kind = 'any'>(
  { doc, example, parameters, variadic }: Definition<P, R>,
  compute: (args: { readonly [K in keyof P]: Kinds[P[K]] }, rest: readonly Kinds[R][]) => Located | FunctionFailure,
): LanguageFunction {
  const names = Object.keys(parameters);
  return {
    doc,
    example,
    parameters: names,
    ...(variadic ? { variadic: variadic[0] } : {}),
    call(args) {
      const named: Record<string, unknown> = {};
      const rest: unknown[] = [];
      for (const [i, arg] of args.entries()) {
        const name = names[i];
        const converted = convert(arg, name === undefined ? variadic![1] : parameters[name]!);
        if (converted.wrong !== undefined) return failure(converted.wrong, i);
        if (name === undefined) rest.push(converted.value);
        else named[name] = converted.value;
      }
      return compute(named as { readonly [K in keyof P]: Kinds[P[K]] }, rest as Kinds[R][]);
    },
  };
}

type Converted = { readonly value: unknown; readonly wrong?: undefined } | { readonly wrong: string };

function convert(value: Located, kind: Kind): Converted {
  switch (kind) {
    case 'any':
      return { value };
    case 'text':
      return expect(toText(value), 'a string', value);
    case 'bool':
      return expect(toBool(value), 'true or false', value);
    case 'number':
      return expect(decimalOf(value), 'a number', value);
    case 'int': {
      const decimal = decimalOf(value);
      const whole = decimal && /^-?\d+$/.test(formatDecimal(decimal)) ? Number(formatDecimal(decimal)) : Number.NaN;
      return expect(Number.isSafeInteger(whole) ? whole : undefined, 'a whole number', value);
    }
    case 'list':
      return expect(value.type === 'list' ? value.items : undefined, 'a list', value);
    case 'object':
      return expect(value.type === 'map' ? entriesOf(value) : undefined, 'an object', value);
    case 'texts':
      return value.type === 'list' ? texts(value.items) : expect(undefined, 'a list of strings', value);
  }
}

const expect = (value: unknown, expected: string, found: Located): Converted =>
  value === undefined ? { wrong: `expected ${expected}, not ${describeType(found)}` } : { value };

function texts(items: readonly Located[]): Converted {
  const value: string[] = [];
  for (const [i, item] of items.entries()) {
    const text = toText(item);
    if (text === undefined) return { wrong: `item ${i} of the list is ${describeType(item)}, not a string` };
    value.push(text);
  }
  return { value };
}

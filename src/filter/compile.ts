import { parseGoBool, parseGoInt } from '../base/go-parse.ts';
import { compileRe2 } from '../base/re2.ts';
import type { Result } from '../base/result.ts';
import { didYouMean } from '../base/suggest.ts';
import type { Expression, MatchExpression, MatchOperator } from './expression.ts';
import { parseFilter } from './grammar.ts';
import { namesIn, operatorsOf, type Shape, step } from './shape.ts';

/** Whether a datum, of the shape that the filter was made for, is wanted. */
export type Filter = (datum: object) => boolean;

export interface FilterError {
  /** In Consul's words. */
  readonly message: string;
  readonly hint?: string;
}

/** Reads an expression and checks it against the shape of what it will be asked about. Equal input, equal answers: keep it. */
export function compileFilter(text: string, shape: Shape): Result<Filter, FilterError> {
  const parsed = parseFilter(text);
  if (!parsed.ok) return { ok: false, error: { message: parsed.error } };
  return compile(parsed.value, shape);
}

function compile(expression: Expression, shape: Shape): Result<Filter, FilterError> {
  if (expression.type === 'match') return compileMatch(expression, shape);
  if (expression.type === 'not') {
    const operand = compile(expression.operand, shape);
    return operand.ok ? { ok: true, value: (datum) => !operand.value(datum) } : operand;
  }
  const left = compile(expression.left, shape);
  if (!left.ok) return left;
  const right = compile(expression.right, shape);
  if (!right.ok) return right;
  const [a, b] = [left.value, right.value];
  return { ok: true, value: expression.type === 'and' ? (datum) => a(datum) && b(datum) : (datum) => a(datum) || b(datum) };
}

function compileMatch(match: MatchExpression, shape: Shape): Result<Filter, FilterError> {
  const { selector, operator } = match;
  const text = JSON.stringify(selector.join('.'));
  let end = shape;
  for (const [i, name] of selector.entries()) {
    const next = step(end, name);
    if (!next) {
      const message = `Selector ${JSON.stringify(selector.slice(0, i + 1).join('.'))} is not valid`;
      return { ok: false, error: { message, ...suggestion(name, namesIn(end) ?? []) } };
    }
    end = next;
  }
  const fitting = operatorsOf(end);
  if (!fitting.includes(operator)) {
    const message = `Invalid match operator ${JSON.stringify(operator)} for selector ${text}`;
    const names = namesIn(end) ?? [];
    const hint = fitting.length === 0 ? `go on with one of: ${names.join(', ')}` : `operators that fit: ${fitting.join(', ')}`;
    return { ok: false, error: { message, hint } };
  }
  const test = testOf(match, end);
  if (!test.ok) return { ok: false, error: { message: test.error.replace('%selector', () => text) } };
  const absent = answersAbsent(operator);
  return { ok: true, value: (datum) => evaluate(datum, shape, selector, 0, test.value, absent) };
}

/** A test of the value that the selector leads to. */
type Test = (value: unknown) => boolean;

function testOf({ operator, value }: MatchExpression, shape: Shape): Result<Test, string> {
  const positive = positiveTest(operator, value, shape);
  if (!positive.ok || !isNegative(operator)) return positive;
  return { ok: true, value: (found) => !positive.value(found) };
}

function positiveTest(operator: MatchOperator, text: string, shape: Shape): Result<Test, string> {
  const ok = (value: Test): Result<Test, string> => ({ ok: true, value });
  switch (operator) {
    case 'Is Empty':
    case 'Is Not Empty':
      return ok((found) => Object.keys((found ?? {}) as object).length === 0);
    case 'Matches':
    case 'Not Matches': {
      const compiled = compileRe2(text);
      if (!compiled.ok) return { ok: false, error: `Failed to compile regular expression ${JSON.stringify(text)}: ${compiled.error}` };
      return ok((found) => compiled.value.test(found as string));
    }
    case 'Equal':
    case 'Not Equal': {
      const wanted = coerce(text, shape);
      return wanted.ok ? ok((found) => found === wanted.value) : wanted;
    }
    case 'In':
    case 'Not In': {
      if (shape.kind === 'string') return ok((found) => (found as string).includes(text));
      if (shape.kind === 'map') return ok((found) => Object.hasOwn((found ?? {}) as object, text));
      const wanted = coerce(text, shape.kind === 'list' ? shape.item : shape);
      return wanted.ok ? ok((found) => ((found ?? []) as readonly unknown[]).includes(wanted.value)) : wanted;
    }
  }
}

/** The text of a value as what the selector asks for: `Service.Meta.version == 1` compares texts, `Service.Port == 80` numbers. */
function coerce(text: string, shape: Shape): Result<unknown, string> {
  if (shape.kind !== 'int' && shape.kind !== 'bool') return { ok: true, value: text };
  const parsed = text === '' ? undefined : shape.kind === 'int' ? parseGoInt(text) : parseGoBool(text);
  if (parsed !== undefined) return { ok: true, value: parsed };
  const why = `strconv.${shape.kind === 'int' ? 'ParseInt' : 'ParseBool'}: parsing ${JSON.stringify(text)}: invalid syntax`;
  return { ok: false, error: `Failed to coerce value ${JSON.stringify(text)} for selector %selector: ${why}` };
}

function evaluate(value: unknown, shape: Shape, selector: readonly string[], depth: number, test: Test, absent: boolean): boolean {
  if (depth === selector.length) return test(value ?? zeroOf(shape));
  const name = selector[depth]!;
  switch (shape.kind) {
    case 'struct':
      return evaluate((value as Record<string, unknown> | undefined)?.[name], shape.fields[name]!, selector, depth + 1, test, absent);
    case 'map': {
      const map = (value ?? {}) as Record<string, unknown>;
      return Object.hasOwn(map, name) ? evaluate(map[name], shape.value, selector, depth + 1, test, absent) : absent;
    }
    case 'list':
      return ((value ?? []) as readonly unknown[]).some((item) => evaluate(item, shape.item, selector, depth, test, absent));
    case 'string':
    case 'int':
    case 'bool':
      return false;
  }
}

/** Go's zero value, which an answer may leave out. */
function zeroOf(shape: Shape): unknown {
  if (shape.kind === 'string') return '';
  if (shape.kind === 'int') return 0;
  return shape.kind === 'bool' ? false : undefined;
}

/** Consul: a key that a map lacks equals nothing, matches nothing, holds nothing and is empty. */
const answersAbsent = (operator: MatchOperator): boolean =>
  operator === 'Is Empty' || (isNegative(operator) && operator !== 'Is Not Empty');
const isNegative = (operator: MatchOperator): boolean => operator.includes('Not');

function suggestion(name: string, known: readonly string[]): { hint?: string } {
  if (known.length === 0) return {};
  const near = didYouMean(name, known);
  return near.hint === undefined ? { hint: `known here: ${known.join(', ')}` } : near;
}

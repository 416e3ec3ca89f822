import { type Diagnostic, errorAt } from '../../base/diagnostic.ts';
import type { Range } from '../../base/source.ts';
import { describeType, hasUnknown, type Located, type LocatedEntry } from '../../schema/located.ts';
import type { BinaryExpression, CallExpression, Expression, ForExpression, ObjectItem, Step } from './ast.ts';
import { at, toBool, toText } from './convert.ts';
import { evaluateTemplate } from './evaluate-template.ts';
import { explainName, explainNumber } from './explain-name.ts';
import { suggestFunction } from './functions/suggest.ts';
import { items, missingStep, stepInto } from './navigate.ts';
import { applyBinary, applyUnary, type Computed, unify } from './operators.ts';
import { type Scope, wrongArity } from './scope.ts';

export interface Evaluated {
  /** Null where a part could not be computed; then there is an error among the diagnostics. */
  readonly value: Located;
  readonly diagnostics: readonly Diagnostic[];
}

/** Computes an expression. Never throws: unknown names and wrong types are diagnostics with the place of their use. */
export function evaluate(expression: Expression, scope: Scope): Evaluated {
  const diagnostics: Diagnostic[] = [];
  const value = new Evaluator(scope, diagnostics).value(expression);
  return { value: value ?? { type: 'null', range: expression.range }, diagnostics };
}

/** A key that is not known yet. */
const UNKNOWN_KEY = Symbol('unknown');

/** Undefined stands for a value that could not be computed, about which something has been said already. */
type Maybe = Located | undefined;

class Evaluator {
  readonly #scope: Scope;
  readonly #diagnostics: Diagnostic[];
  /** What the loops around bind; hides names of the scope. */
  readonly #bound: ReadonlyMap<string, Located>;

  constructor(scope: Scope, diagnostics: Diagnostic[], bound: ReadonlyMap<string, Located> = new Map()) {
    this.#scope = scope;
    this.#diagnostics = diagnostics;
    this.#bound = bound;
  }

  value(expression: Expression): Maybe {
    switch (expression.kind) {
      case 'literal':
        return expression.value;
      case 'template':
        return evaluateTemplate(expression, this);
      case 'variable':
        return this.#variable(expression.name, expression.range);
      case 'traversal':
        return this.#traversal(expression);
      case 'splat':
        return this.#splat(expression);
      case 'for':
        return expression.key ? this.#forObject(expression, expression.key) : this.#forList(expression);
      case 'conditional':
        return this.#conditional(expression);
      case 'unary': {
        const operand = this.value(expression.operand);
        if (operand?.type === 'unknown') return at(operand, expression.range);
        return (
          operand && this.#computed(applyUnary(expression.operator, operand, expression.range), expression.operand, expression.operand)
        );
      }
      case 'binary':
        return this.#binary(expression);
      case 'call':
        return this.#call(expression);
      case 'list':
        return this.#list(expression);
      case 'object':
        return this.#object(expression.items, expression.range);
      case 'parens': {
        const inner = this.value(expression.inner);
        return inner && at(inner, expression.range);
      }
    }
  }

  #say(diagnostic: Diagnostic): undefined {
    this.#diagnostics.push(diagnostic);
    return undefined;
  }

  /** Reports, and stands for what could not be computed. */
  fail(range: Range, summary: string, more: Partial<Diagnostic> = {}): undefined {
    this.#diagnostics.push(errorAt(range, summary, more));
    return undefined;
  }

  /** An evaluator that also knows what a `for` binds. */
  with(names: readonly (readonly [string | undefined, Located])[]): Evaluator {
    const bound = new Map(this.#bound);
    for (const [name, value] of names) if (name !== undefined) bound.set(name, value);
    return new Evaluator(this.#scope, this.#diagnostics, bound);
  }

  /** What a `for` runs over: keys and values of a list or an object. */
  collection(expression: Expression): readonly (readonly [Located, Located])[] | 'unknown' | undefined {
    const value = this.value(expression);
    if (!value) return undefined;
    if (value.type === 'unknown') return 'unknown';
    const found = items(value);
    return found ?? this.fail(expression.range, `for needs a list or an object, not ${describeType(value)}`);
  }

  /** A condition: a bool, or a string that reads as one. */
  condition(expression: Expression): boolean | 'unknown' | undefined {
    const value = this.value(expression);
    if (!value) return undefined;
    if (value.type === 'unknown') return 'unknown';
    return toBool(value) ?? this.fail(expression.range, `a condition must be true or false, not ${describeType(value)}`);
  }

  #variable(name: string, range: Range): Maybe {
    const value = this.#bound.get(name) ?? this.#scope.variables.get(name);
    if (value) return at(value, range);
    return this.#say(explainName(name, range, new Map([...this.#bound, ...this.#scope.variables])));
  }

  #traversal({ of, steps, range }: Expression & { kind: 'traversal' }): Maybe {
    const value = this.value(of);
    if (of.kind === 'literal' && value?.type === 'number') return this.#say(explainNumber(range));
    if (value && of.kind === 'variable' && !this.#bound.has(of.name)) {
      const missing = missingStep(value, steps);
      const said = missing && this.#scope.absent?.([of.name, ...missing.path]);
      const { names = 2, ...diagnostic } = said ?? {};
      const last = steps[names - 2];
      if (missing && said && last && missing.step < names - 1)
        return this.fail({ ...of.range, end: last.range.end }, said.summary, diagnostic);
    }
    return this.#steps(value, steps, range);
  }

  #steps(of: Maybe, steps: readonly Step[], range: Range): Maybe {
    let value = of;
    for (const step of steps) {
      if (!value) return undefined;
      value = stepInto(value, step, this);
    }
    return value && at(value, range);
  }

  /** A value that is no list counts as a list of one, and null as an empty one. */
  #splat(expression: Expression & { kind: 'splat' }): Maybe {
    const of = this.value(expression.of);
    if (!of) return undefined;
    if (of.type === 'unknown') return at(of, expression.range);
    const each = of.type === 'list' ? of.items : of.type === 'null' ? [] : [of];
    const values = each.map((item) => this.#steps(item, expression.each, expression.range));
    return values.every((value) => value !== undefined) ? { type: 'list', items: values, range: expression.range } : undefined;
  }

  #forList(expression: ForExpression): Maybe {
    const rounds = this.#rounds(expression);
    if (!rounds) return undefined;
    if (rounds === 'unknown') return { type: 'unknown', range: expression.range };
    const results: Located[] = [];
    for (const inner of rounds) {
      const value = inner.value(expression.value);
      if (!value) return undefined;
      results.push(value);
    }
    return { type: 'list', items: results, range: expression.range };
  }

  #forObject(expression: ForExpression, keyExpression: Expression): Maybe {
    const rounds = this.#rounds(expression);
    if (!rounds) return undefined;
    if (rounds === 'unknown') return { type: 'unknown', range: expression.range };
    const results = new Map<string, Located[]>();
    for (const inner of rounds) {
      const key = inner.#key(keyExpression);
      if (key === UNKNOWN_KEY) return { type: 'unknown', range: expression.range };
      const value = key === undefined ? undefined : inner.value(expression.value);
      if (key === undefined || !value) return undefined;
      const known = results.get(key);
      if (known && !expression.grouping) {
        return this.fail(keyExpression.range, `two items have the key ${JSON.stringify(key)}`, {
          hint: 'write ... after the value to collect them in a list',
        });
      }
      if (known) known.push(value);
      else results.set(key, [value]);
    }
    const entries = [...results].map(([key, values]): LocatedEntry => {
      return { key, value: expression.grouping ? { type: 'list', items: values, range: expression.range } : values[0]! };
    });
    return { type: 'map', entries, range: expression.range };
  }

  /** One evaluator for each item that passes the condition; undefined after an error. */
  #rounds(expression: ForExpression): Evaluator[] | 'unknown' | undefined {
    const collection = this.collection(expression.collection);
    if (!collection || collection === 'unknown') return collection;
    const rounds: Evaluator[] = [];
    for (const [key, value] of collection) {
      const inner = this.with([
        [expression.keyName, key],
        [expression.valueName, value],
      ]);
      const passes = expression.condition ? inner.condition(expression.condition) : true;
      if (passes === undefined || passes === 'unknown') return passes;
      if (passes) rounds.push(inner);
    }
    return rounds;
  }

  #conditional(expression: Expression & { kind: 'conditional' }): Maybe {
    const condition = this.condition(expression.condition);
    if (condition === undefined) return undefined;
    if (condition === 'unknown') return { type: 'unknown', range: expression.range };
    const [taken, spared] = condition ? [expression.whenTrue, expression.whenFalse] : [expression.whenFalse, expression.whenTrue];
    const chosen = this.value(taken);
    if (!chosen) return undefined;
    // Problems of the other branch don't matter: that is what the condition is for. Its type does.
    const other = new Evaluator(this.#scope, [], this.#bound).value(spared);
    if (!other || other.type === 'unknown' || chosen.type === 'unknown') return at(chosen, expression.range);
    const unified = unify(chosen, other);
    if (unified) return at(unified, expression.range);
    return this.fail(
      expression.range,
      `both results of a condition must be of one type, not ${describeType(chosen)} and ${describeType(other)}`,
    );
  }

  #binary(expression: BinaryExpression): Maybe {
    // A long chain leans to the left: a loop instead of recursion keeps the stack flat.
    const chain: BinaryExpression[] = [];
    let leftmost: Expression = expression;
    for (; leftmost.kind === 'binary'; leftmost = leftmost.left) chain.push(leftmost);
    let left = this.value(leftmost);
    for (const link of chain.toReversed()) {
      const right = this.value(link.right);
      if (left && right && (hasUnknown(left) || hasUnknown(right))) left = { type: 'unknown', range: link.range };
      else left = left && right && this.#computed(applyBinary(link, left, right), link.left, link.right);
    }
    return left;
  }

  #computed(result: Computed, left: Expression, right: Expression): Maybe {
    if (result.type !== 'error') return result;
    const range = result.side === 'both' ? { ...left.range, end: right.range.end } : (result.side === 'left' ? left : right).range;
    return this.fail(range, result.message, result.hint === undefined ? {} : { hint: result.hint });
  }

  #call(expression: CallExpression): Maybe {
    const { name, nameRange } = expression;
    const called = this.#scope.functions.get(name);
    if (!called) {
      return this.fail(nameRange, `unknown function ${name}`, suggestFunction(name, [...this.#scope.functions.keys()]));
    }
    const args = this.#arguments(expression);
    if (!args) return undefined;
    if (args === 'unknown') return { type: 'unknown', range: expression.range };
    const wrongCount = wrongArity(name, called, args.length);
    if (wrongCount) return this.fail(expression.range, wrongCount.summary, wrongCount);
    if (args.some(hasUnknown)) return { type: 'unknown', range: expression.range };
    const result = called.call(args);
    if (result.type !== 'failure') return at(result, expression.range);
    const culprit = result.argument === undefined ? undefined : expression.args[Math.min(result.argument, expression.args.length - 1)];
    return this.fail(
      culprit?.range ?? expression.range,
      `${name}: ${result.message}`,
      result.hint === undefined ? {} : { hint: result.hint },
    );
  }

  #arguments({ args, expandLast }: CallExpression): Located[] | 'unknown' | undefined {
    const values = args.map((arg) => this.value(arg));
    if (!values.every((value) => value !== undefined)) return undefined;
    const last = values.at(-1);
    if (!expandLast || !last) return values;
    if (last.type === 'unknown') return 'unknown';
    if (last.type !== 'list') return this.fail(args.at(-1)!.range, `'...' needs a list, not ${describeType(last)}`);
    return [...values.slice(0, -1), ...last.items];
  }

  #list(expression: Expression & { kind: 'list' }): Maybe {
    const values = expression.items.map((item) => this.value(item));
    return values.every((value) => value !== undefined) ? { type: 'list', items: values, range: expression.range } : undefined;
  }

  #object(objectItems: readonly ObjectItem[], range: Range): Maybe {
    const entries = new Map<string, LocatedEntry>();
    let complete = true;
    for (const item of objectItems) {
      const key = this.#key(item.key);
      const value = this.value(item.value);
      if (key === UNKNOWN_KEY) return { type: 'unknown', range };
      if (key === undefined || !value) complete = false;
      else entries.set(key, { key, keyRange: item.key.range, value });
    }
    return complete ? { type: 'map', entries: [...entries.values()], range } : undefined;
  }

  #key(expression: Expression): string | typeof UNKNOWN_KEY | undefined {
    const value = this.value(expression);
    if (!value) return undefined;
    if (value.type === 'unknown') return UNKNOWN_KEY;
    return toText(value) ?? this.fail(expression.range, `a key must be a string, not ${describeType(value)}`);
  }
}

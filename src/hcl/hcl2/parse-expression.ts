import type { BinaryOperator, Expression, Step } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { explainExpected } from './explain.ts';
import { numberLiteral } from './number.ts';
import { parseCollection } from './parse-collection.ts';
import { parseTemplate } from './parse-template.ts';
import { describeToken, type Token, type TokenType } from './token.ts';

/** Loosest first. */
const LEVELS: readonly (readonly TokenType[])[] = [['||'], ['&&'], ['==', '!='], ['<', '>', '<=', '>='], ['+', '-'], ['*', '/', '%']];
const PRECEDENCE: ReadonlyMap<TokenType, number> = new Map(LEVELS.flatMap((level, i) => level.map((operator) => [operator, i] as const)));

/** Reads one expression; undefined after an error, which has been reported. The caller recovers. */
export function parseExpression(cursor: Cursor): Expression | undefined {
  return cursor.deeper(() => {
    const condition = binary(cursor, 0);
    if (!condition || !cursor.accept('?')) return condition;
    const whenTrue = parseExpression(cursor);
    if (!whenTrue) return undefined;
    if (!cursor.accept(':')) {
      return cursor.fail(cursor.peek(), `expected ':' and the value for false, found ${describeToken(cursor.peek())}`, {
        hint: 'write condition ? a : b',
        related: { span: condition.range, message: 'the condition is here' },
      });
    }
    const whenFalse = parseExpression(cursor);
    return whenFalse && { kind: 'conditional', condition, whenTrue, whenFalse, range: cursor.rangeFrom(condition.range.start) };
  });
}

/** Operands joined by operators that bind at least as tightly as `least`. */
function binary(cursor: Cursor, least: number): Expression | undefined {
  let left = unary(cursor);
  while (left) {
    const precedence = PRECEDENCE.get(cursor.peek().type);
    if (precedence === undefined || precedence < least) break;
    const token = cursor.next();
    const right = binary(cursor, precedence + 1);
    if (!right) return undefined;
    const operator = token.type as BinaryOperator;
    left = { kind: 'binary', operator, operatorRange: cursor.rangeOf(token), left, right, range: cursor.rangeFrom(left.range.start) };
  }
  return left;
}

function unary(cursor: Cursor): Expression | undefined {
  const token = cursor.accept('!') ?? cursor.accept('-');
  if (!token) return postfix(cursor);
  const operand = cursor.deeper(() => unary(cursor));
  return operand && { kind: 'unary', operator: token.type as '!' | '-', operand, range: cursor.rangeFrom(token.start) };
}

function postfix(cursor: Cursor): Expression | undefined {
  let of = primary(cursor);
  let splats = 0;
  while (of) {
    const { start } = of.range;
    const steps = readSteps(cursor, true, of.kind === 'literal');
    if (!steps) return undefined;
    if (steps.length > 0) of = { kind: 'traversal', of, steps, range: cursor.rangeFrom(start) };
    const splat = acceptSplat(cursor);
    if (!splat) return of;
    // Each splat nests the one before it: a chain of thousands would overflow the stack of whoever reads the tree.
    if (++splats > 20) return cursor.fail(cursor.previous, 'too many splats in one expression');
    const each = readSteps(cursor, splat === 'full');
    if (!each) return undefined;
    of = { kind: 'splat', of, each, range: cursor.rangeFrom(start) };
  }
  return of;
}

/** `.*` takes only attributes along, `[*]` everything that follows. */
function acceptSplat(cursor: Cursor): 'attributes' | 'full' | undefined {
  const token = cursor.peek();
  if (cursor.peekSecond().type !== '*') return undefined;
  if (token.type === '.') {
    cursor.next();
    cursor.next();
    return 'attributes';
  }
  if (token.type !== '[') return undefined;
  cursor.within(true, () => {
    cursor.next();
    cursor.next();
    if (!cursor.accept(']')) cursor.fail(token, 'this [* is never closed', { hint: 'write [*]' });
  });
  return 'full';
}

function readSteps(cursor: Cursor, indexes: boolean, ofLiteral = false): Step[] | undefined {
  const steps: Step[] = [];
  for (;;) {
    const token = cursor.peek();
    const second = cursor.peekSecond();
    if (token.type === '.' && second.type !== '*') {
      cursor.next();
      const read = dotStep(cursor, second, ofLiteral);
      if (!read) return undefined;
      steps.push(...read);
    } else if (token.type === '[' && second.type !== '*' && indexes) {
      const step = indexStep(cursor);
      if (!step) return undefined;
      steps.push(step);
    } else return steps;
  }
}

/**
 * `.name`, or the older form of an index, `.0`. Two of these look like one number, `.0.1`: HCL 2 refuses them, and so do we. But
 * `10.5.0.0` is an address without quotes, which is told when it is computed.
 */
function dotStep(cursor: Cursor, token: Token, ofLiteral: boolean): Step[] | undefined {
  if (token.type === 'ident') {
    cursor.next();
    return [{ kind: 'attribute', name: token.value, range: cursor.rangeOf(token) }];
  }
  if (token.type !== 'number') return cursor.fail(token, `expected a name after the dot, found ${describeToken(token)}`);
  const indexes = token.value.split('.');
  if (indexes.length > 1 && !ofLiteral)
    return cursor.fail(token, 'two indexes with dots look like a number', { hint: `write [${indexes.join('][')}]` });
  cursor.next();
  const range = cursor.rangeOf(token);
  return indexes.map((raw) => ({ kind: 'index', key: { kind: 'literal', value: numberLiteral(raw, range), range }, range }));
}

function indexStep(cursor: Cursor): Step | undefined {
  const opener = cursor.next();
  const key = cursor.within(true, () => {
    const read = parseExpression(cursor);
    if (!read) return undefined;
    if (cursor.accept(']')) return read;
    return cursor.failUnclosed(opener);
  });
  return key && { kind: 'index', key, range: cursor.rangeFrom(opener.start) };
}

function primary(cursor: Cursor): Expression | undefined {
  const token = cursor.peek();
  if (token.type === 'number') return number(cursor);
  if (token.type === 'ident') return word(cursor);
  if (token.type === 'quote' || token.type === 'heredoc') return parseTemplate(cursor, parseExpression);
  if (token.type === '(') return parens(cursor);
  if (token.type === '[' || token.type === '{') return parseCollection(cursor, parseExpression);
  const { span, summary, why } = explainExpected(token, cursor.previous, cursor.reporter.source.text);
  return cursor.fail(span, summary, why);
}

function number(cursor: Cursor): Expression | undefined {
  const token = cursor.next();
  const range = cursor.rangeOf(token);
  if (Math.abs(Number(/[eE](.*)/.exec(token.value)?.[1] ?? 0)) > 400) return cursor.fail(token, 'this number is out of range');
  return { kind: 'literal', value: numberLiteral(token.value, range), range };
}

function word(cursor: Cursor): Expression | undefined {
  const token = cursor.next();
  const range = cursor.rangeOf(token);
  if (cursor.peek().type === '(' || cursor.peek().type === '::') return call(cursor, token);
  if (token.value === 'true' || token.value === 'false')
    return { kind: 'literal', value: { type: 'bool', value: token.value === 'true', range }, range };
  if (token.value === 'null') return { kind: 'literal', value: { type: 'null', range }, range };
  return { kind: 'variable', name: token.value, range };
}

function call(cursor: Cursor, first: Token): Expression | undefined {
  let name = first.value;
  while (cursor.accept('::')) {
    const part = cursor.accept('ident');
    if (!part) return cursor.fail(cursor.peek(), 'expected the name of a function after ::');
    name += `::${part.value}`;
  }
  const nameRange = cursor.rangeFrom(first.start);
  const opener = cursor.accept('(');
  if (!opener) return cursor.fail(cursor.peek(), `expected ( after the function ${name}`);
  return cursor.within(true, () => {
    const args: Expression[] = [];
    let expandLast = false;
    while (!cursor.accept(')')) {
      const arg = expandLast ? undefined : parseExpression(cursor);
      if (!arg && !expandLast) return undefined;
      if (arg) args.push(arg);
      expandLast ||= cursor.accept('...') !== undefined;
      if (cursor.peek().type === ')' || (!expandLast && cursor.accept(','))) continue;
      if (['eof', 'ident', '}'].includes(cursor.peek().type)) return cursor.failUnclosed(opener);
      return cursor.fail(cursor.peek(), `expected ) or a comma in the arguments of ${name}, found ${describeToken(cursor.peek())}`, {
        related: { span: opener, message: 'the arguments start here' },
      });
    }
    return { kind: 'call', name, nameRange, args, expandLast, range: cursor.rangeFrom(first.start) };
  });
}

function parens(cursor: Cursor): Expression | undefined {
  const opener = cursor.next();
  return cursor.within(true, () => {
    const inner = parseExpression(cursor);
    if (!inner) return undefined;
    if (cursor.accept(')')) return { kind: 'parens', inner, range: cursor.rangeFrom(opener.start) };
    return cursor.failUnclosed(opener);
  });
}

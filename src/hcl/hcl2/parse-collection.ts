import type { Expression, ForExpression, ObjectItem } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { describeToken, type Token, type TokenType } from './token.ts';

type ReadExpression = (cursor: Cursor) => Expression | undefined;

/** Reads a list, an object, or a `for` of either form, from its opening bracket. */
export function parseCollection(cursor: Cursor, readExpression: ReadExpression): Expression | undefined {
  const opener = cursor.next();
  const isList = opener.type === '[';
  const isFor = cursor.within(true, () => {
    const second = cursor.peekSecond().type;
    return cursor.peek().type === 'ident' && cursor.peek().value === 'for' && second === 'ident';
  });
  const read = isFor ? readFor : isList ? readList : readObject;
  cursor.brackets.open(opener);
  const value = cursor.within(isList || isFor, () => read(cursor, opener, readExpression));
  cursor.brackets.close(value && value.range.end - 1);
  return value;
}

function readList(cursor: Cursor, opener: Token, readExpression: ReadExpression): Expression | undefined {
  const items: Expression[] = [];
  while (!cursor.accept(']')) {
    if (cursor.peek().type === 'eof') return unclosed(cursor, opener);
    const item = readExpression(cursor);
    if (!item) return undefined;
    items.push(item);
    if (cursor.accept(',') || cursor.peek().type === ']') continue;
    const found = cursor.peek();
    const nextItem = found.type === 'ident' && cursor.peekSecond().type === '=';
    if (found.type === 'eof' || found.type === '=' || found.type === '}' || nextItem) return unclosed(cursor, opener);
    const end = cursor.previous.end;
    return cursor.fail({ start: end, end }, 'expected a comma between the items of this list', {
      detail: `found ${describeToken(found)}`,
      related: { span: opener, message: 'the list starts here' },
    });
  }
  return { kind: 'list', items, range: cursor.rangeFrom(opener.start) };
}

function readObject(cursor: Cursor, opener: Token, readExpression: ReadExpression): Expression | undefined {
  const items: ObjectItem[] = [];
  for (;;) {
    cursor.skipNewlines();
    if (cursor.accept('}')) return { kind: 'object', items, range: cursor.rangeFrom(opener.start) };
    if (cursor.peek().type === 'eof') return unclosed(cursor, opener);
    const key = readKey(cursor, readExpression);
    if (!key) return undefined;
    const separator = cursor.accept('=') ?? cursor.accept(':');
    if (!separator) return missingSeparator(cursor, key);
    const value = readExpression(cursor);
    if (!value) return undefined;
    items.push({ key, value });
    const found = cursor.peek();
    if (cursor.accept(',') || found.type === 'newline' || found.type === '}') continue;
    if (found.type === 'eof') return unclosed(cursor, opener);
    return cursor.fail(found, `expected a comma or a new line after this value, found ${describeToken(found)}`);
  }
}

/** What makes an expression of a word. */
const GOES_ON: ReadonlySet<TokenType> = new Set([
  '(',
  '::',
  '.',
  '[',
  '?',
  '+',
  '-',
  '*',
  '/',
  '%',
  '==',
  '!=',
  '<',
  '>',
  '<=',
  '>=',
  '&&',
  '||',
]);

/** A bare word is the text of the key, not a variable. */
function readKey(cursor: Cursor, readExpression: ReadExpression): Expression | undefined {
  const token = cursor.peek();
  if (token.type === 'ident' && !GOES_ON.has(cursor.peekSecond().type)) {
    cursor.next();
    const range = cursor.rangeOf(token);
    return { kind: 'literal', value: { type: 'string', value: token.value, range }, range };
  }
  const key = readExpression(cursor);
  if (key && (key.kind === 'traversal' || key.kind === 'splat')) {
    const text = key.range.source.text.slice(key.range.start, key.range.end);
    return cursor.fail(key.range, 'this key can be read as a name or as an expression', { hint: `write "${text}" or (${text})` });
  }
  return key;
}

function missingSeparator(cursor: Cursor, key: Expression): undefined {
  const found = cursor.peek();
  const text = key.range.source.text.slice(key.range.start, key.range.end);
  const block = found.type === '{';
  return cursor.fail(found, `expected '=' after the key ${text}, found ${describeToken(found)}`, {
    detail: block ? 'inside an object there are no blocks' : undefined,
    hint: block ? `write ${text} = { … }` : undefined,
  });
}

function unclosed(cursor: Cursor, opener: Token): undefined {
  return cursor.failUnclosed(opener);
}

function readFor(cursor: Cursor, opener: Token, readExpression: ReadExpression): ForExpression | undefined {
  const isObject = opener.type === '{';
  const usage = isObject ? 'write { for k, v in map : k => v }' : 'write [ for item in list : item ]';
  const expected = (what: string): undefined =>
    cursor.fail(cursor.peek(), `expected ${what} in this for, found ${describeToken(cursor.peek())}`, { hint: usage });
  cursor.next();
  const first = cursor.next();
  const second = cursor.accept(',') ? cursor.accept('ident') : first;
  if (!second) return expected('a second name');
  if (!cursor.acceptWord('in')) return expected("'in'");
  const collection = readExpression(cursor);
  if (!collection) return undefined;
  if (!cursor.accept(':')) return expected("':'");
  let value = readExpression(cursor);
  if (!value) return undefined;
  let key: Expression | undefined;
  if (isObject) {
    if (!cursor.accept('=>')) return expected("'=>'");
    key = value;
    value = readExpression(cursor);
    if (!value) return undefined;
  }
  const grouping = isObject && cursor.accept('...') !== undefined;
  const filtered = cursor.acceptWord('if') !== undefined;
  const condition = filtered ? readExpression(cursor) : undefined;
  if (filtered && !condition) return undefined;
  const closer = isObject ? '}' : ']';
  if (!cursor.accept(closer)) return expected(closer);
  const range = cursor.rangeFrom(opener.start);
  const keyName = second === first ? undefined : first.value;
  return { kind: 'for', keyName, valueName: second.value, collection, key, value, condition, grouping, range };
}

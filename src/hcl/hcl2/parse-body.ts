import type { Range } from '../../base/source.ts';
import type { Span } from '../report.ts';
import type { Attribute, Block, Body, Label } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { bareText, explainIllegal, explainMore } from './explain.ts';
import { parseExpression } from './parse-expression.ts';
import { describeToken, type Token, type TokenType } from './token.ts';

/** What a value starts with that no text without quotes starts with. */
const OPENS_VALUE: ReadonlySet<TokenType> = new Set(['quote', 'heredoc', '[', '{', '(']);

/** Parses a whole file. Reports what is wrong and goes on with the next attribute or block. */
export function parseFile(cursor: Cursor): Body {
  const parser = new BodyParser(cursor);
  const body = parser.body(undefined);
  return { ...body, range: cursor.rangeOf({ start: 0, end: cursor.reporter.source.text.length }) };
}

class BodyParser {
  readonly #cursor: Cursor;

  constructor(cursor: Cursor) {
    this.#cursor = cursor;
  }

  /** Attributes and blocks up to the brace that closes `opener`, which stays unread, or to the end of the file. */
  body(opener: Token | undefined): Body {
    const cursor = this.#cursor;
    const attributes: Attribute[] = [];
    const blocks: Block[] = [];
    const start = cursor.peek().start;
    const seen = new Map<string, Range>();
    for (;;) {
      cursor.skipNewlines();
      const token = cursor.peek();
      if (token.type === 'eof' || (opener && token.type === '}')) break;
      const from = cursor.index;
      const item = this.#item();
      const ending = item && this.#endOfItem(item);
      if (ending !== 'clean') this.#recover(from);
      if (item && 'type' in item) blocks.push(item);
      // What the value of a broken line would have been is not known.
      else if (item && ending !== 'broken' && this.#isNew(item, seen)) attributes.push(item);
    }
    return { attributes, blocks, range: cursor.rangeOf({ start, end: cursor.peek().start }) };
  }

  #recover(from: number): void {
    this.#cursor.recover(from);
    // A brace that closes nothing would stop the recovery for ever.
    if (this.#cursor.index === from) this.#cursor.next();
  }

  #isNew(attribute: Attribute, seen: Map<string, Range>): boolean {
    const first = seen.get(attribute.name);
    if (!first) {
      seen.set(attribute.name, attribute.nameRange);
      return true;
    }
    this.#cursor.fail(attribute.nameRange, `${attribute.name} is given more than once`, {
      hint: 'an attribute stands once in its block',
      related: { span: first, message: 'first given here' },
    });
    return false;
  }

  #item(): Attribute | Block | undefined {
    const cursor = this.#cursor;
    const name = cursor.next();
    const after = cursor.peek();
    if (name.type !== 'ident') return this.#noItem(name, after);
    if (after.type === '=' || after.type === ':') return this.#attribute(name);
    const opensBelow = after.type === 'newline' && cursor.peekPastNewlines().type === '{';
    if (after.type === '{' || after.type === 'quote' || after.type === 'ident' || opensBelow) return this.#block(name);
    if (after.type === 'illegal') return this.#illegal(after);
    if (after.type === '==') return cursor.fail(after, "one '=' is enough", { hint: `write ${name.value} = …` });
    if (after.type === '.') {
      return cursor.fail(after, 'the name of an attribute has no dots', { hint: `write ${name.value} = { … } for an object` });
    }
    if (after.type === 'number' || after.type === '[' || after.type === 'heredoc') {
      return cursor.fail({ start: name.end, end: name.end }, `expected '=' between ${name.value} and its value`, {
        hint: `write ${name.value} = …`,
      });
    }
    const end = { start: name.end, end: name.end };
    return cursor.fail(end, `expected '=' or { after ${name.value}, found ${describeToken(after)}`, {
      hint: after.type === 'newline' ? "'=' or { must stand on the line of the name" : undefined,
    });
  }

  #noItem(token: Token, after: Token): undefined {
    const cursor = this.#cursor;
    if (token.type === '}') return cursor.fail(token, 'this } closes nothing', { hint: 'remove it, or open a block before it' });
    if (token.type === '{') return cursor.fail(token, 'expected a name before {', { hint: 'blueprints are HCL; JSON is not read here' });
    if (token.type === 'quote') {
      const word = after.type === 'text' ? after.value : '';
      const hint = /^[\p{ID_Start}_][\p{ID_Continue}-]*$/u.test(word) ? `write ${word} = …` : undefined;
      return cursor.fail({ start: token.start, end: after.end }, 'the name of an attribute takes no quotes', { hint });
    }
    if (token.type === 'illegal') return this.#illegal(token);
    if (token.type === '-' && after.type === '-' && after.start === token.end)
      return cursor.fail({ start: token.start, end: after.end }, 'this is no comment', { hint: 'a comment begins with # or //' });
    return cursor.fail(token, `expected the name of an attribute or block, found ${describeToken(token)}`);
  }

  #attribute(name: Token): Attribute | undefined {
    const cursor = this.#cursor;
    const assign = cursor.next();
    if (assign.type === ':') cursor.fail(assign, "expected '=' after the name, not ':'", { hint: `write ${name.value} = …` });
    const { type, start } = cursor.peek();
    const bare = OPENS_VALUE.has(type) ? undefined : bareText(cursor.reporter.source.text, start);
    if (bare) return this.#needsQuotes(bare);
    const value = parseExpression(cursor);
    return value && { name: name.value, nameRange: cursor.rangeOf(name), value, range: cursor.rangeFrom(name.start) };
  }

  #needsQuotes(span: Span): undefined {
    const text = this.#cursor.reporter.source.text.slice(span.start, span.end);
    return this.#cursor.fail(span, 'a text needs quotes', { hint: `write "${text}"` });
  }

  #illegal(token: Token): undefined {
    const { span, summary, why } = explainIllegal(token, this.#cursor.reporter.source.text);
    return this.#cursor.fail(span, summary, why);
  }

  #block(type: Token): Block | undefined {
    const cursor = this.#cursor;
    const labels: Label[] = [];
    for (let token = cursor.peek(); token.type !== '{'; token = cursor.peek()) {
      if (token.type === 'newline' && this.#braceOnNextLine()) continue;
      const label = token.type === 'ident' || token.type === 'quote' ? this.#label() : this.#noBrace(type, labels, token);
      if (!label) return undefined;
      labels.push(label);
    }
    const headerRange = cursor.rangeFrom(type.start);
    return cursor.deeper(() => {
      const opener = cursor.next();
      cursor.brackets.open(opener);
      const body = cursor.peek().type === 'newline' ? this.body(opener) : this.#oneLine(opener);
      if (!body) {
        cursor.brackets.close();
        return undefined;
      }
      this.#close(opener);
      return { type: type.value, typeRange: cursor.rangeOf(type), labels, body, headerRange, range: cursor.rangeFrom(type.start) };
    });
  }

  /** A brace on the next line is told and then taken, as what it belongs to is clear. */
  #braceOnNextLine(): boolean {
    const cursor = this.#cursor;
    if (cursor.peekPastNewlines().type !== '{') return false;
    const end = cursor.previous.end;
    cursor.skipNewlines();
    cursor.fail({ start: end, end }, '{ must stand on the line of the header', {
      related: { span: cursor.peek(), message: 'it stands here' },
    });
    return true;
  }

  #label(): Label | undefined {
    const cursor = this.#cursor;
    const token = cursor.next();
    if (token.type === 'ident') return { value: token.value, range: cursor.rangeOf(token) };
    let value = '';
    for (;;) {
      const part = cursor.next();
      if (part.type === 'quote-end') return { value, range: cursor.rangeOf({ start: token.start, end: part.end }) };
      if (part.type !== 'text') return cursor.fail(part, 'a label is plain text', { hint: 'write $${ or %%{ for the characters ${ or %{' });
      value += part.value;
    }
  }

  /** The header of a block goes on with something that is neither a label nor its brace. */
  #noBrace(type: Token, labels: readonly Label[], found: Token): undefined {
    const cursor = this.#cursor;
    const only = labels.length === 1 ? labels[0]! : undefined;
    const text = cursor.reporter.source.text;
    if (only && (found.type === 'newline' || found.type === 'eof')) {
      return cursor.fail({ start: type.end, end: type.end }, `expected '=' between ${type.value} and its value`, {
        hint: `write ${type.value} = ${text.slice(only.range.start, only.range.end)}, or { after it if it is a block`,
      });
    }
    if (found.type === '=')
      return cursor.fail(found, "the header of a block takes no '='", { hint: 'write one name before =, or a block without =' });
    const end = cursor.previous.end;
    return cursor.fail({ start: end, end }, `expected { after the header of this block, found ${describeToken(found)}`, {
      hint: found.type === 'newline' ? '{ must stand on the line of the header' : undefined,
    });
  }

  /** `name { a = 1 }`: at most one attribute. */
  #oneLine(opener: Token): Body | undefined {
    const cursor = this.#cursor;
    const start = cursor.peek().start;
    const attributes: Attribute[] = [];
    if (cursor.peek().type !== '}') {
      const name = cursor.next();
      const after = cursor.peek();
      if (name.type === 'eof') return cursor.failUnclosed(opener);
      if (name.type !== 'ident') return this.#noItem(name, after);
      if (after.type === '{' || after.type === 'quote' || after.type === 'ident') return this.#needsLines(opener, name, 'a block');
      if (after.type !== '=')
        return cursor.fail({ start: name.end, end: name.end }, `expected '=' after ${name.value}, found ${describeToken(after)}`);
      const attribute = this.#attribute(name);
      if (!attribute) return undefined;
      attributes.push(attribute);
      const found = cursor.peek();
      if (found.type === 'eof') return cursor.failUnclosed(opener);
      if (found.type !== '}') return this.#needsLines(opener, found, describeExtra(found));
    }
    return { attributes, blocks: [], range: cursor.rangeOf({ start, end: cursor.peek().start }) };
  }

  #needsLines(opener: Token, found: Token, what: string): undefined {
    return this.#cursor.fail(found, `${what} does not fit into a block on one line`, {
      detail: 'between braces on one line there is room for one attribute',
      hint: 'put each attribute and block on a line of its own',
      related: { span: opener, message: 'the block starts here' },
    });
  }

  /** Takes the closing brace, or reports that there is none. */
  #close(opener: Token): void {
    const token = this.#cursor.accept('}');
    if (!token) this.#cursor.failUnclosed(opener);
    this.#cursor.brackets.close(token?.start);
  }

  /**
   * An attribute or block ends with its line. `trailing`: what follows is too much, but takes nothing away from the value.
   * `broken`: the value itself may be cut.
   */
  #endOfItem(item: Attribute | Block): 'clean' | 'trailing' | 'broken' {
    const cursor = this.#cursor;
    const token = cursor.peek();
    if (token.type === 'newline' || token.type === 'eof') return 'clean';
    const what = 'type' in item ? 'block' : 'attribute';
    if (token.type === ',') {
      cursor.fail(token, `no comma stands after ${what === 'block' ? 'a' : 'an'} ${what}`, {
        hint: 'remove it; each stands on its own line',
      });
      return 'trailing';
    }
    if (token.type === 'illegal') {
      this.#illegal(token);
      return token.value === ';' ? 'trailing' : 'broken';
    }
    // The lexer has said that it has no end.
    if (token.type === 'quote' && cursor.peekSecond().type === 'quote-end' && cursor.peekSecond().value === '') return 'broken';
    const more = what === 'attribute' ? explainMore(token, cursor.previous, cursor.reporter.source.text) : undefined;
    if (more) cursor.fail(more.span, more.summary, more.why);
    else
      cursor.fail(token, `expected a new line after this ${what}, found ${describeToken(token)}`, {
        related: { span: 'type' in item ? item.headerRange : item.nameRange, message: `the ${what} starts here` },
      });
    return 'broken';
  }
}

/** What stands where a block on one line should end. */
function describeExtra(token: Token): string {
  if (token.type === 'newline') return 'a line break';
  return token.type === ',' ? 'a comma' : 'a second attribute';
}

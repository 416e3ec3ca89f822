import { rangeOf } from '../../base/source.ts';
import { Brackets } from '../brackets.ts';
import { MAX_NESTING, type Reporter, type Span } from '../report.ts';
import type { Item, Key, ListNode, LiteralNode, Node, ObjectNode } from './ast.ts';
import { describeToken, explainBareWord, explainItemStart, explainLabels, explainValue } from './explain.ts';
import { readNumber } from './number.ts';
import type { Token } from './token.ts';

/** Parses the tokens of one file. Reports what is wrong and goes on with the next item; never throws. */
export function parseHcl1(tokens: readonly Token[], reporter: Reporter): ObjectNode {
  return new Parser(tokens, reporter).file();
}

const LITERALS = new Set(['number', 'float', 'bool', 'string', 'heredoc']);

class Parser {
  readonly #tokens: readonly Token[];
  readonly #reporter: Reporter;
  readonly #brackets: Brackets;
  #index = 0;
  /** A missing bracket is told once, not once for each bracket around it. */
  #toldUnclosed = false;

  constructor(tokens: readonly Token[], reporter: Reporter) {
    this.#tokens = tokens;
    this.#reporter = reporter;
    this.#brackets = new Brackets(reporter.source.text);
  }

  file(): ObjectNode {
    const items: Item[] = [];
    for (;;) {
      this.#items(items);
      const token = this.#peek();
      if (token.type === 'eof') return { kind: 'object', items, start: 0, end: token.end };
      this.#next();
      this.#reporter.error(token, `this ${token.value} closes nothing`, { hint: 'remove it, or open a block before it' });
    }
  }

  /** Items up to the closing brace or the end of the file, which stay unread. */
  #items(items: Item[]): void {
    for (;;) {
      const token = this.#peek();
      if (token.type === 'eof' || token.type === '}') return;
      if (token.type === 'comment') {
        this.#unexpectedOperator(token);
        continue;
      }
      this.#item(items);
      if (this.#peek().type === ',') this.#next();
    }
  }

  #item(items: Item[]): void {
    const keys = this.#keys();
    const token = this.#peek();
    const [first] = keys;
    if (!first) {
      this.#reporter.error(token, ...explainItemStart(token, this.#tokens[this.#index - 1]));
      this.#next();
      this.#skipItem(token);
      return;
    }
    const colon = token.type === 'illegal' && token.value === ':';
    if (token.type === '=' || colon) {
      const key = this.#assignable(keys, token);
      if (colon) this.#reporter.error(token, "expected '=' after the key, not ':'", { hint: "Consul's HCL uses '='" });
      this.#next();
      const value = this.#value(token);
      if (key && value) items.push({ keys: [key], value, assigned: true });
    } else if (token.type === '{') {
      const value = this.#object();
      if (value) items.push({ keys: keys as [Key, ...Key[]], value, assigned: false });
    } else if (LITERALS.has(token.type) && !token.first) {
      this.#reporter.error(after(keys.at(-1)!), `expected '=' between ${first.name} and its value`, { hint: `write ${first.name} = …` });
      this.#value(keys.at(-1)!);
    } else {
      this.#reporter.error(...explainLabels(keys, token, this.#source()));
      if (token.type !== '}' && token.type !== 'eof') this.#skipItem(token);
    }
  }

  #keys(): Key[] {
    const keys: Key[] = [];
    for (let token = this.#peek(); token.type === 'ident' || token.type === 'string'; token = this.#peek()) {
      keys.push({ name: token.value, start: token.start, end: token.end });
      this.#next();
    }
    return keys;
  }

  /** The one key that may stand before `=`. Several are an item without `=` on the lines above, or labels that don't belong here. */
  #assignable(keys: readonly Key[], assign: Token): Key | undefined {
    const last = keys.at(-1)!;
    if (keys.length === 1) return last;
    const lastToken = this.#tokens[this.#index - 1]!;
    if (lastToken.first) {
      this.#reporter.error(...explainLabels(keys.slice(0, -1), assign, this.#source()));
      return last;
    }
    this.#reporter.error(assign, "a block with labels takes no '='", {
      hint: `write ${this.#source().slice(keys[0]!.start, last.end)} { … }, or one key before '='`,
    });
    return undefined;
  }

  /** The value after `before`; undefined when there is none, which has been reported. */
  #value(before: Span): Node | undefined {
    const token = this.#peek();
    if (LITERALS.has(token.type)) return this.#literal();
    if (token.type === '{') return this.#object();
    if (token.type === '[') return this.#list();
    const next = this.#tokens[this.#index + 1];
    const bareWord = token.type === 'ident' && !(token.first && next && ['=', '{', 'string'].includes(next.type));
    if (bareWord) {
      this.#reporter.error(token, ...explainBareWord(token, next));
      this.#next();
      this.#skipLine();
      return undefined;
    }
    const missing = token.first || ['eof', '}', ']', ',', 'ident'].includes(token.type);
    this.#reporter.error(missing ? after(before) : token, ...explainValue(token, missing));
    if (!missing) this.#skipLine();
    return undefined;
  }

  #literal(): LiteralNode | undefined {
    const token = this.#next();
    const range = rangeOf(this.#reporter.source, token.start, token.end);
    const span = { start: token.start, end: token.end };
    if (token.type === 'bool') return { kind: 'literal', value: { type: 'bool', value: token.value === 'true', range }, ...span };
    if (token.type === 'string' || token.type === 'heredoc')
      return { kind: 'literal', value: { type: 'string', value: token.value, range }, ...span };
    const number = readNumber(token, range);
    if (number.ok) return { kind: 'literal', value: number.value, ...span };
    this.#reporter.error(token, number.summary, { hint: number.hint });
    return undefined;
  }

  #object(): ObjectNode | undefined {
    const opener = this.#open();
    if (!opener) return undefined;
    const items: Item[] = [];
    this.#items(items);
    const end = this.#close(opener, '}');
    return { kind: 'object', items, start: opener.start, end };
  }

  #list(): ListNode | undefined {
    const opener = this.#open();
    if (!opener) return undefined;
    const items: Node[] = [];
    let before: Token = opener;
    let needComma = false;
    for (let token = this.#peek(); token.type !== ']'; token = this.#peek()) {
      if (token.type === ',') {
        before = this.#next();
        needComma = false;
        continue;
      }
      if (this.#endsList(token)) break;
      if (needComma) this.#reporter.error(after(before), 'expected a comma between the items of this list');
      const at = this.#index;
      const item = this.#value(before);
      if (item) items.push(item);
      else this.#skipListItem(at);
      before = this.#tokens[this.#index - 1]!;
      // HCL 1 forgives a missing comma after a nested list, and so does Consul.
      needComma = item !== undefined && item.kind !== 'list';
    }
    const end = this.#close(opener, ']');
    return { kind: 'list', items, start: opener.start, end };
  }

  /** What can't be an item of a list tells that its `]` is missing. */
  #endsList(token: Token): boolean {
    if (token.type === 'eof' || token.type === '}') return true;
    const next = this.#tokens[this.#index + 1]?.type;
    const isKey = token.first && (token.type === 'ident' || token.type === 'string');
    return isKey && (next === '=' || next === '{' || (token.type === 'ident' && next === 'string'));
  }

  #open(): Token | undefined {
    const opener = this.#next();
    if (this.#brackets.depth >= MAX_NESTING) {
      this.#reporter.error(opener, `brackets are nested more than ${MAX_NESTING} deep`);
      this.#toldUnclosed = true;
      this.#index = this.#tokens.length - 1;
      return undefined;
    }
    this.#brackets.open(opener);
    return opener;
  }

  /** Takes the closing bracket, or reports that it is missing. Returns the end of the value. */
  #close(opener: Token, closer: '}' | ']'): number {
    const token = this.#peek();
    if (token.type === closer) {
      this.#next();
      this.#brackets.close(token.start);
      return token.end;
    }
    const end = this.#tokens[Math.max(0, this.#index - 1)]!.end;
    if (!this.#toldUnclosed && !(token.type === 'eof' && this.#reporter.closersLost)) {
      const atEnd = token.type === 'eof';
      const blamed = atEnd ? (this.#brackets.unclosed ?? opener) : opener;
      const bracket = this.#source()[blamed.start]!;
      this.#reporter.error({ start: blamed.start, end: blamed.start + 1 }, `this ${bracket} is never closed`, {
        hint: `close it with ${bracket === '{' ? '}' : ']'}`,
        related: atEnd ? undefined : { span: token, message: `found ${describeToken(token)} where ${closer} was expected` },
      });
      this.#toldUnclosed = atEnd;
    }
    this.#brackets.close();
    return end;
  }

  #unexpectedOperator(token: Token): void {
    this.#next();
    this.#reporter.error(token, ...explainItemStart(token, this.#tokens[this.#index - 2]));
    this.#skipLine();
  }

  /** Goes on at the next line that starts an item of this object, or at its closing brace. */
  #skipItem(from: Token): void {
    let depth = from.type === '[' || from.type === '{' ? 1 : 0;
    for (let token = this.#peek(); token.type !== 'eof'; token = this.#peek()) {
      if (depth === 0 && (token.type === '}' || (token.first && (token.type === 'ident' || token.type === 'string')))) return;
      if (token.type === '{' || token.type === '[') depth++;
      else if ((token.type === '}' || token.type === ']') && depth > 0) depth--;
      this.#next();
    }
  }

  /** Leaves out the rest of a value that can't be read: up to the end of its line, a comma or a closing bracket. */
  #skipLine(): void {
    let depth = 0;
    for (let token = this.#peek(); token.type !== 'eof'; token = this.#peek()) {
      if (token.first && depth === 0) return;
      const closes = token.type === '}' || token.type === ']' || token.value === ')';
      const opens = token.type === '{' || token.type === '[' || token.value === '(';
      if (depth === 0 && (token.type === '}' || token.type === ']' || token.type === ',')) return;
      if (opens) depth++;
      else if (closes && depth > 0) depth--;
      this.#next();
    }
  }

  /** After an unreadable item of a list, which began at token `from`: never stays there, or the list would not end. */
  #skipListItem(from: number): void {
    const token = this.#peek();
    const ends = token.type === ',' || token.type === ']' || token.type === '}' || token.type === 'eof';
    if (!ends && (!token.first || this.#index === from)) this.#next();
  }

  #peek(): Token {
    return this.#tokens[this.#index]!;
  }

  #next(): Token {
    const token = this.#peek();
    if (this.#index < this.#tokens.length - 1) this.#index++;
    return token;
  }

  #source(): string {
    return this.#reporter.source.text;
  }
}

/** The place right after something: where the missing thing belongs. */
const after = (span: Span): Span => ({ start: span.end, end: span.end });

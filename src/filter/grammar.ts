import type { Result } from '../base/result.ts';
import type { Expression, MatchOperator } from './expression.ts';
import { unquote } from './quoted.ts';

/**
 * Reads a filter expression. The rules are those of Consul's grammar, a parsing expression grammar, tried in its order: the
 * message of a failure names the farthest place that was reached and everything that could have stood there, in the
 * same words (`1:5 (4): no match found, expected: "in" or "not"`).
 */
export function parseFilter(text: string): Result<Expression, string> {
  return new Grammar(text).parse();
}

/** What a rule found, and the offset behind it. */
interface Found<T> {
  readonly value: T;
  readonly end: number;
}
type Rule<T> = (at: number) => Found<T> | undefined;

/** A mistake that ends the parse, whatever else might match. */
class Mistake extends Error {
  readonly at: number;
  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

/** Deeper than anything that people write, and far from the end of the stack. */
const MAX_DEPTH = 200;

const WORDS: readonly (readonly [MatchOperator, readonly string[]])[] = [
  ['In', ['contains']],
  ['Not In', ['not', 'contains']],
  ['Matches', ['matches']],
  ['Not Matches', ['not', 'matches']],
];

class Grammar {
  readonly #text: string;
  readonly #expected = new Set<string>();
  #farthest = 0;
  #depth = 0;
  /** What a rule found at an offset: without it, nested parentheses would take exponential time. */
  readonly #known = new Map<string, Found<Expression> | undefined>();

  constructor(text: string) {
    this.#text = text;
  }

  parse(): Result<Expression, string> {
    try {
      const start = this.#space(0) ?? 0;
      const found = this.#or(start);
      const end = found && (this.#space(found.end) ?? found.end);
      if (found && end === this.#text.length) return { ok: true, value: found.value };
      if (end !== undefined) this.#fail(end, 'EOF');
      return { ok: false, error: `${this.#place(this.#farthest)}: no match found, expected: ${this.#list()}` };
    } catch (error) {
      if (error instanceof Mistake) return { ok: false, error: `${this.#place(error.at)}: ${error.message}` };
      throw error;
    }
  }

  #or(at: number): Found<Expression> | undefined {
    return this.#once('or', at, () => this.#binary('or', at, (i) => this.#and(i)));
  }

  #and(at: number): Found<Expression> | undefined {
    return this.#once('and', at, () => this.#binary('and', at, (i) => this.#not(i)));
  }

  /** `operand (word operand)*`, right-associative. */
  #binary(word: 'and' | 'or', at: number, operand: Rule<Expression>): Found<Expression> | undefined {
    const operands: Found<Expression>[] = [];
    for (let next: number | undefined = at; next !== undefined; ) {
      const found = operand(next);
      if (!found) break;
      operands.push(found);
      next = this.#words(found.end, [word], true);
    }
    if (operands.length === 0) return undefined;
    const value = operands.map((found) => found.value).reduceRight((right, left) => ({ type: word, left, right }));
    return { value, end: operands.at(-1)!.end };
  }

  #not(at: number): Found<Expression> | undefined {
    return this.#once('not', at, () => {
      const after = this.#space(this.#literal(at, 'not') ?? -1);
      const operand = after === undefined ? undefined : this.#nested(after, (i) => this.#not(i));
      if (!operand) return this.#grouping(at);
      const { value, end } = operand;
      return { value: value.type === 'not' ? value.operand : { type: 'not', operand: value }, end };
    });
  }

  #grouping(at: number): Found<Expression> | undefined {
    const open = this.#literal(at, '(');
    if (open === undefined) return this.#match(at);
    const inner = this.#nested(this.#space(open) ?? open, (i) => this.#or(i));
    if (!inner) return undefined;
    const after = this.#space(inner.end) ?? inner.end;
    const end = this.#literal(after, ')');
    if (end === undefined) throw new Mistake(after, 'rule "grouping": Unmatched parentheses');
    return { value: inner.value, end };
  }

  #match(at: number): Found<Expression> | undefined {
    return this.#selectorFirst(at) ?? this.#valueFirst(at);
  }

  #selectorFirst(at: number): Found<Expression> | undefined {
    const selector = this.#selector(at);
    if (!selector) return undefined;
    const made = (operator: MatchOperator, value: string, end: number): Found<Expression> => ({
      value: { type: 'match', selector: selector.value, operator, value },
      end,
    });
    for (const [operator, after] of this.#comparisons(selector.end)) {
      const value = this.#value(after);
      if (value) return made(operator, value.value, value.end);
    }
    const empty = this.#words(selector.end, ['is', 'empty'], false);
    if (empty !== undefined) return made('Is Empty', '', empty);
    const notEmpty = this.#words(selector.end, ['is', 'not', 'empty'], false);
    return notEmpty === undefined ? undefined : made('Is Not Empty', '', notEmpty);
  }

  *#comparisons(at: number): Generator<readonly [MatchOperator, number]> {
    const start = this.#space(at) ?? at;
    for (const [operator, sign] of [
      ['Equal', '=='],
      ['Not Equal', '!='],
    ] as const) {
      const end = this.#literal(start, sign);
      if (end !== undefined) yield [operator, this.#space(end) ?? end];
    }
    for (const [operator, words] of WORDS) {
      const end = this.#words(at, words, true);
      if (end !== undefined) yield [operator, end];
    }
  }

  #valueFirst(at: number): Found<Expression> | undefined {
    const value = this.#value(at);
    if (!value) return undefined;
    for (const [operator, words] of [
      ['In', ['in']],
      ['Not In', ['not', 'in']],
    ] as const) {
      const after = this.#words(value.end, words, true);
      if (after === undefined) continue;
      const selector = this.#selector(after);
      if (!selector) throw new Mistake(after, 'rule "match": Invalid selector');
      return { value: { type: 'match', selector: selector.value, operator, value: value.value }, end: selector.end };
    }
    return undefined;
  }

  #selector(at: number): Found<string[]> | undefined {
    const first = this.#identifier(at);
    if (!first) return undefined;
    const parts = [first.value];
    let { end } = first;
    for (;;) {
      const dot = this.#literal(end, '.');
      const next = (dot === undefined ? undefined : this.#identifier(dot)) ?? this.#index(end);
      if (!next) return { value: parts, end };
      parts.push(next.value);
      end = next.end;
    }
  }

  #index(at: number): Found<string> | undefined {
    const open = this.#literal(at, '[');
    if (open === undefined) return undefined;
    const inside = this.#space(open) ?? open;
    const name = this.#string(inside);
    if (!name) throw new Mistake(inside, 'rule "index": Invalid index');
    const after = this.#space(name.end) ?? name.end;
    const end = this.#literal(after, ']');
    if (end === undefined) throw new Mistake(after, 'rule "index": Unclosed index expression');
    return { value: name.value, end };
  }

  /** A bare word is a value too. */
  #value(at: number): Found<string> | undefined {
    const word = this.#selector(at);
    if (word) return { value: word.value.join('.'), end: word.end };
    return this.#number(at) ?? this.#string(at);
  }

  #number(at: number): Found<string> | undefined {
    const found = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?/.exec(this.#text.slice(at))?.[0];
    if (found === undefined) {
      const digits = this.#literal(at, '-') ?? at;
      for (const expected of ['"0"', '[1-9]']) this.#fail(digits, expected);
      return undefined;
    }
    const end = at + found.length;
    if (end < this.#text.length && this.#space(end) === undefined && this.#literal(end, ')') === undefined) {
      throw new Mistake(end, 'rule "number": Invalid number literal');
    }
    return { value: found, end };
  }

  #string(at: number): Found<string> | undefined {
    for (const quote of ['`', '"']) {
      const open = this.#literal(at, quote);
      if (open === undefined) continue;
      const close = this.#text.indexOf(quote, open);
      if (close === -1) throw new Mistake(this.#text.length, 'rule "string": Unterminated string literal');
      const value = unquote(this.#text.slice(at, close + 1));
      if (value === undefined) throw new Mistake(at, 'rule "string": invalid syntax');
      return { value, end: close + 1 };
    }
    return undefined;
  }

  #identifier(at: number): Found<string> | undefined {
    const found = /^[a-zA-Z][a-zA-Z0-9_/]*/.exec(this.#text.slice(at))?.[0];
    if (found === undefined) this.#fail(at, '[a-zA-Z]');
    else this.#fail(at + found.length, '[a-zA-Z0-9_/]');
    return found === undefined ? undefined : { value: found, end: at + found.length };
  }

  /** Space before each word, and after the last one too if `more` follows. The offset behind it all. */
  #words(at: number, words: readonly string[], more: boolean): number | undefined {
    let end: number | undefined = at;
    for (const word of words) {
      end = this.#space(end);
      if (end !== undefined) end = this.#literal(end, word);
      if (end === undefined) return undefined;
    }
    return more ? this.#space(end) : end;
  }

  /** At least one space, tab or line break. */
  #space(at: number): number | undefined {
    if (at < 0) return undefined;
    let end = at;
    while (' \t\r\n'.includes(this.#text[end] ?? '?')) end++;
    this.#fail(end, '[ \\t\\r\\n]');
    return end === at ? undefined : end;
  }

  #literal(at: number, text: string): number | undefined {
    if (this.#text.startsWith(text, at)) return at + text.length;
    this.#fail(at, JSON.stringify(text));
    return undefined;
  }

  #fail(at: number, expected: string): void {
    if (at < this.#farthest) return;
    if (at > this.#farthest) this.#expected.clear();
    this.#farthest = at;
    this.#expected.add(expected);
  }

  #nested(at: number, rule: Rule<Expression>): Found<Expression> | undefined {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw new Mistake(at, `more than ${MAX_DEPTH} levels of parentheses and negations`);
    const found = rule(at);
    this.#depth -= 1;
    return found;
  }

  #once(rule: string, at: number, run: () => Found<Expression> | undefined): Found<Expression> | undefined {
    const key = `${rule}@${at}`;
    if (!this.#known.has(key)) this.#known.set(key, run());
    return this.#known.get(key);
  }

  /** `line:column (offset)`; the offset in bytes. */
  #place(at: number): string {
    const before = this.#text.slice(0, at);
    const lines = before.split('\n');
    return `${lines.length}:${Array.from(lines.at(-1)!).length + 1} (${Buffer.byteLength(before)})`;
  }

  #list(): string {
    const end = this.#expected.delete('EOF') ? ['EOF'] : [];
    const all = [...[...this.#expected].sort(), ...end];
    return all.length === 1 ? all[0]! : `${all.slice(0, -1).join(', ')} or ${all.at(-1)}`;
  }
}

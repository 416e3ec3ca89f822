import { type Range, rangeOf, type Source } from '../../base/source.ts';
import { didYouMean } from '../../base/suggest.ts';
import type { Command, Field, Node, Operand, Pipe } from './ast.ts';
import { FUNCTION_NAMES } from './functions.ts';
import { type Action, cut, type Token } from './lexer.ts';
import { literalOf } from './literal.ts';
import { TemplateError } from './template-error.ts';

const DELIMITERS = { left: '#{{', right: '}}' } as const;

/** Parses a Go template. Throws a TemplateError at the first thing that is wrong. */
export function parseTemplate(source: Source): readonly Node[] {
  return new Parser(source).parse();
}

const BLOCKS = ['if', 'with', 'range'] as const;
type BlockKind = (typeof BLOCKS)[number];
/** Go knows these too; no published blueprint uses them. */
const UNSUPPORTED = ['define', 'template', 'block'];

interface Body {
  readonly nodes: readonly Node[];
  /** What ended it: `end`, `else`, `else if`; absent at the end of the text. */
  readonly ending?: Words;
}

class Parser {
  readonly #source: Source;
  readonly #pieces: ReturnType<typeof cut>;
  #at = 0;
  /** Variables that are known here, innermost last. */
  #variables: string[] = ['$'];
  #loops = 0;

  constructor(source: Source) {
    this.#source = source;
    this.#pieces = cut(source, DELIMITERS);
  }

  parse(): readonly Node[] {
    const { nodes, ending } = this.#body();
    if (ending)
      throw new TemplateError(ending.range, `this "${ending.first}" ends nothing`, { detail: 'no if, with or range is open here' });
    return nodes;
  }

  #body(): Body {
    const nodes: Node[] = [];
    for (; this.#at < this.#pieces.length; ) {
      const piece = this.#pieces[this.#at++]!;
      if (piece.kind === 'text') {
        nodes.push(piece);
        continue;
      }
      const words = new Words(piece);
      const { first } = words;
      if (first === 'end' || first === 'else') return { nodes, ending: words };
      if (BLOCKS.includes(first as BlockKind)) {
        words.next();
        nodes.push(this.#block(first as BlockKind, words));
      } else if (first === 'break' || first === 'continue') nodes.push(this.#jump(first, words));
      else nodes.push({ kind: 'action', pipe: this.#wholePipe(words) });
    }
    return { nodes };
  }

  #jump(kind: 'break' | 'continue', words: Words): Node {
    words.next();
    words.finish();
    if (this.#loops === 0) throw new TemplateError(words.range, `"${kind}" stands outside of a range`);
    return { kind };
  }

  /** From after the keyword to the matching end. `else if` nests: it is an if inside of the else. */
  #block(kind: BlockKind, words: Words): Node {
    const known = this.#variables.length;
    const pipe = this.#wholePipe(words, kind === 'range' ? 2 : 1);
    const opener = words.range;
    if (kind === 'range') this.#loops++;
    const inner = this.#variables.length;
    const { nodes: body, ending } = this.#body();
    this.#variables.length = inner;
    if (kind === 'range') this.#loops--;
    if (!ending) throw unclosed(kind, opener);
    let otherwise: readonly Node[] = [];
    ending.next();
    if (ending.first === 'else') {
      const chained = ending.peek()?.text;
      if (BLOCKS.includes(chained as BlockKind)) {
        ending.next();
        otherwise = [this.#block(chained as BlockKind, ending)];
      } else {
        ending.finish();
        const last = this.#body();
        if (!last.ending) throw unclosed(kind, opener);
        if (last.ending.first === 'else') throw new TemplateError(last.ending.range, `a second "else" for one ${kind}`);
        last.ending.next();
        last.ending.finish();
        otherwise = last.nodes;
      }
    } else ending.finish();
    this.#variables.length = known;
    return { kind, pipe, body, otherwise };
  }

  #wholePipe(words: Words, mayDeclare = 1): Pipe {
    const pipe = this.#pipe(words, mayDeclare);
    words.finish();
    return pipe;
  }

  #pipe(words: Words, mayDeclare: number): Pipe {
    const start = words.here;
    const { names, declares } = this.#declaration(words, mayDeclare);
    const commands: Command[] = [];
    do commands.push(this.#command(words, commands.length > 0));
    while (words.take('|'));
    // Only from here on: `$x := $x` means an outer one.
    if (declares) this.#variables.push(...names);
    return { commands, variables: names, declares, range: rangeOf(this.#source, start.start, words.before.end) };
  }

  #declaration(words: Words, mayDeclare: number): { names: string[]; declares: boolean } {
    const [first, second, third, fourth] = words.ahead(4);
    const isVariable = (token: Token | undefined): boolean => token?.kind === 'variable';
    const assigns = (token: Token | undefined): boolean => token?.text === ':=' || token?.text === '=';
    const pair = isVariable(first) && second?.text === ',' && isVariable(third) && assigns(fourth);
    if (!pair && !(isVariable(first) && assigns(second))) return { names: [], declares: false };
    if (pair && mayDeclare < 2) throw new TemplateError(second!.range, 'only a range gives two variables');
    const names = pair ? [first!, third!] : [first!];
    const operator = pair ? fourth! : second!;
    for (let i = 0; i < (pair ? 4 : 2); i++) words.next();
    if (operator.text === '=') for (const name of names) this.#known(name);
    return { names: names.map(({ text }) => text), declares: operator.text === ':=' };
  }

  #command(words: Words, piped: boolean): Command {
    const start = words.here;
    const operands: Operand[] = [];
    while (words.peek() && !['|', ')'].includes(words.peek()!.text)) {
      const token = words.peek()!;
      if (operands.length > 0 && !token.spaced)
        throw new TemplateError(token.range, `unexpected ${JSON.stringify(token.text)}`, { detail: 'expected a space before it' });
      operands.push(this.#operand(words));
    }
    const range = rangeOf(this.#source, start.start, Math.max(start.end, words.before.end));
    const first = operands[0];
    if (!first) throw new TemplateError(start, 'a value is missing here', { detail: 'expected something such as .Vars.name' });
    if (first.kind !== 'function' && (operands.length > 1 || piped)) {
      const what = this.#source.text.slice(first.range.start, first.range.end);
      const detail = piped ? 'what stands behind a "|" gets the value before it as its last argument' : 'only a function takes arguments';
      throw new TemplateError(first.range, `${what} is not a function`, { detail });
    }
    return { operands, range };
  }

  #operand(words: Words): Operand {
    const token = words.next()!;
    const { range, text, kind } = token;
    if (kind === 'symbol' && text === '(') {
      const pipe = this.#pipe(words, 0);
      if (!words.take(')')) throw new TemplateError(range, 'this parenthesis is never closed');
      return this.#withFields({ kind: 'pipe', pipe }, range, words);
    }
    if (kind === 'field') return this.#withFields({ kind: 'dot' }, range, words, [{ name: text.slice(1), range }]);
    if (kind === 'dot') return { kind: 'dot', fields: [], range };
    if (kind === 'variable') {
      this.#known(token);
      return this.#withFields({ kind: 'variable', name: text }, range, words);
    }
    if (kind === 'symbol') throw new TemplateError(range, `unexpected ${JSON.stringify(text)}`, { detail: 'expected a value' });
    if (kind === 'word' && !['true', 'false', 'nil'].includes(text)) {
      if (UNSUPPORTED.includes(text))
        throw new TemplateError(range, `"${text}" is not supported`, { detail: 'a template is one text here' });
      if (!FUNCTION_NAMES.includes(text)) {
        throw new TemplateError(range, `unknown function ${JSON.stringify(text)}`, {
          hint: `known functions: ${FUNCTION_NAMES.join(', ')}`,
          ...didYouMean(text, FUNCTION_NAMES),
        });
      }
      return { kind: 'function', name: text, fields: [], range };
    }
    return { kind: 'literal', value: literalOf(token), fields: [], range };
  }

  /** Fields follow without a space: `$x.name`, `(index .Vars 0).name`. */
  #withFields(
    operand: { kind: 'dot' } | { kind: 'variable'; name: string } | { kind: 'pipe'; pipe: Pipe },
    start: Range,
    words: Words,
    first: readonly Field[] = [],
  ): Operand {
    const fields = [...first];
    for (let next = words.peek(); next?.kind === 'field' && !next.spaced; next = words.peek()) {
      fields.push({ name: next.text.slice(1), range: next.range });
      words.next();
    }
    return { ...operand, fields, range: { ...start, end: words.before.end } };
  }

  #known({ text, range }: Token): void {
    if (this.#variables.includes(text)) return;
    throw new TemplateError(range, `undefined variable ${text}`, didYouMean(text, this.#variables));
  }
}

const unclosed = (kind: BlockKind, range: Range): TemplateError =>
  new TemplateError(range, `this ${kind} has no end`, { detail: `expected "${DELIMITERS.left} end ${DELIMITERS.right}"` });

/** The tokens of one action, read from left to right. */
class Words {
  readonly range: Range;
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor({ tokens, range }: Action) {
    this.#tokens = tokens;
    this.range = range;
  }

  /** The keyword that the action begins with, if any. */
  get first(): string {
    return this.#tokens[0]?.text ?? '';
  }

  /** Place of the next token, or of the end of the action. */
  get here(): Range {
    return this.peek()?.range ?? { ...this.range, start: this.range.end - DELIMITERS.right.length };
  }

  /** Place of the last token that was read. */
  get before(): Range {
    return this.#tokens[this.#at - 1]?.range ?? this.here;
  }

  peek(): Token | undefined {
    return this.#tokens[this.#at];
  }

  ahead(count: number): readonly (Token | undefined)[] {
    return this.#tokens.slice(this.#at, this.#at + count);
  }

  next(): Token | undefined {
    return this.#tokens[this.#at++];
  }

  take(symbol: string): boolean {
    if (this.peek()?.kind !== 'symbol' || this.peek()?.text !== symbol) return false;
    this.#at++;
    return true;
  }

  finish(): void {
    const token = this.peek();
    if (token)
      throw new TemplateError(token.range, `unexpected ${JSON.stringify(token.text)}`, { detail: `expected "${DELIMITERS.right}"` });
  }
}

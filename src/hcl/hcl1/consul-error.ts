import { positionOf, type Source } from '../../base/source.ts';
import { readJson } from '../json.ts';
import { MAX_NESTING, Reporter } from '../report.ts';
import { type Lexed, lexHcl1 } from './lexer.ts';
import { readNumber } from './number.ts';
import { isJsonText } from './read.ts';
import type { Token, TokenType } from './token.ts';

/**
 * What Consul's CLI prints for a text that it can't parse (`At 1:25: literal not terminated`), or undefined for one that it
 * can. It is replayed from the tokens rather than kept by the parser: the original stops at its first error, notices some
 * late and takes others back, while the parser's own diagnostics say where the mistake is.
 */
export function consulSyntaxError(source: Source): string | undefined {
  if (isJsonText(source.text)) return readJson(source).goError;
  const lexed = lexHcl1(new Reporter(source));
  return new Replay(source, lexed).run();
}

const GO_NAMES: Readonly<Record<Exclude<TokenType, 'comment'>, string>> = {
  ident: 'IDENT',
  bool: 'BOOL',
  number: 'NUMBER',
  float: 'FLOAT',
  string: 'STRING',
  heredoc: 'HEREDOC',
  '[': 'LBRACK',
  ']': 'RBRACK',
  '{': 'LBRACE',
  '}': 'RBRACE',
  ',': 'COMMA',
  '.': 'PERIOD',
  '=': 'ASSIGN',
  '+': 'ADD',
  '-': 'SUB',
  illegal: 'ILLEGAL',
  eof: 'EOF',
};

const SCALARS = new Set<TokenType>(['number', 'float', 'bool', 'string', 'heredoc']);

/** A failure with its text, or the end of the file met where an item could have ended. */
type Outcome = { readonly error: string } | 'end of file' | undefined;

class Replay {
  readonly #source: Source;
  readonly #tokens: readonly Token[];
  readonly #scanErrors: Lexed['scanErrors'];
  /** Index of the first token that the original never sees, because it took the rest of the file for something unclosed. */
  readonly #limit: number;
  #next = 0;
  #depth = 0;
  #token: Token;
  /** The present token is handed out once more. */
  #again = false;
  /** Each look past the end moves the original's column by one. */
  #endReads = 0;
  #ended = false;

  constructor(source: Source, { tokens, scanErrors }: Lexed) {
    this.#source = source;
    this.#tokens = tokens;
    this.#scanErrors = scanErrors;
    const final = scanErrors.find((error) => error.final);
    if (final) this.#scanErrors = scanErrors.slice(0, scanErrors.indexOf(final) + 1);
    const stops = final?.message === 'comment not terminated' || final?.message.startsWith('unexpected null');
    this.#limit = final ? final.token + (stops ? 0 : 1) : tokens.length - 1;
    this.#token = tokens.at(-1)!;
    this.#endReads = earlyEndReads(source.text, tokens);
  }

  run(): string | undefined {
    const outcome = this.#items(false);
    const seen = this.#scanErrors.findLast((error) => error.token < this.#next || this.#ended);
    if (seen) return `At ${this.#place(seen.offset)}: ${seen.message}`;
    if (outcome && outcome !== 'end of file') return outcome.error;
    return this.#numberError();
  }

  #items(nested: boolean): Outcome {
    for (;;) {
      if (nested) {
        const token = this.#scan();
        this.#again = true;
        if (token.type === '}') return undefined;
      }
      const outcome = this.#item();
      if (outcome === 'end of file') return undefined;
      if (outcome) return outcome;
      if (this.#scan().type !== ',') this.#again = true;
    }
  }

  #item(): Outcome {
    const { keys, outcome } = this.#keys();
    if (outcome) {
      const hanging = keys.length > 0 && (outcome === 'end of file' || this.#token.type === '}');
      if (!hanging) return outcome;
      // The original forgets the brace here, so that the object around it does not take it for its end.
      this.#token = { ...this.#token, type: 'eof' };
      const names = keys.map((key) => this.#text(key)).join(' ');
      return this.#fail(this.#token, `key '${names}' expected start of object ('{') or assignment ('=')`);
    }
    if (this.#token.type === '=') {
      const value = this.#value();
      if (value) return value;
    } else {
      const object = this.#object();
      if (object) return object;
    }
    this.#scan();
    this.#again = true;
    return undefined;
  }

  #keys(): { keys: Token[]; outcome: Outcome } {
    const keys: Token[] = [];
    for (;;) {
      const token = this.#scan();
      if (token.type === 'eof') return { keys, outcome: 'end of file' };
      if (token.type === '=') {
        if (keys.length > 1) return { keys: [], outcome: this.#fail(token, 'nested object expected: LBRACE got: ASSIGN') };
        return { keys, outcome: keys.length === 1 ? undefined : this.#fail(token, 'no object keys found!') };
      }
      if (token.type === '{')
        return { keys, outcome: keys.length > 0 ? undefined : this.#fail(token, 'expected: IDENT | STRING got: LBRACE') };
      if (token.type === 'illegal') return { keys, outcome: this.#fail(token, 'illegal character') };
      if (token.type !== 'ident' && token.type !== 'string')
        return { keys, outcome: this.#fail(token, `expected: IDENT | STRING | ASSIGN | LBRACE got: ${nameOf(token)}`) };
      keys.push(token);
    }
  }

  #value(): Outcome {
    const token = this.#scan();
    if (SCALARS.has(token.type)) return undefined;
    if (token.type === '{') return this.#object();
    if (token.type === '[') return this.#list();
    if (token.type === 'eof') return 'end of file';
    return this.#fail(token, `Unknown token: ${this.#place(token.start)} ${nameOf(token)} ${this.#text(token)}`);
  }

  #object(): Outcome {
    return this.#deeper(() => this.#objectItems());
  }

  #objectItems(): Outcome {
    const outcome = this.#items(true);
    if (outcome && this.#token.type !== '}') return outcome;
    const token = this.#scan();
    return token.type === '}' ? undefined : this.#fail(token, `object expected closing RBRACE got: ${nameOf(token)}`);
  }

  #list(): Outcome {
    return this.#deeper(() => this.#listItems());
  }

  /** The original has no limit and dies of what this one refuses. */
  #deeper(read: () => Outcome): Outcome {
    if (this.#depth >= MAX_NESTING) return this.#fail(this.#token, `nested more than ${MAX_NESTING} deep`);
    this.#depth++;
    const outcome = read();
    this.#depth--;
    return outcome;
  }

  #listItems(): Outcome {
    let needComma = false;
    for (;;) {
      const token = this.#scan();
      if (needComma && token.type !== ',' && token.type !== ']')
        return this.#fail(token, `error parsing list, expected comma or list end, got: ${nameOf(token)}`);
      if (token.type === ']') return undefined;
      if (token.type === ',') {
        this.#scan();
        this.#again = true;
        needComma = false;
      } else if (SCALARS.has(token.type)) needComma = true;
      else if (token.type === '{' || token.type === '[') {
        const outcome = token.type === '{' ? this.#object() : this.#list();
        const what = token.type === '{' ? 'object' : 'list';
        if (outcome) {
          const inner = outcome === 'end of file' ? 'EOF token found' : outcome.error;
          return this.#fail(token, `error while trying to parse ${what} within list: ${inner}`);
        }
        if (token.type === '{') needComma = true;
      } else return this.#fail(token, `unexpected token while parsing list: ${nameOf(token)}`);
    }
  }

  #scan(): Token {
    if (this.#again) {
      this.#again = false;
      return this.#token;
    }
    while (this.#next < this.#limit && this.#tokens[this.#next]!.type === 'comment') this.#next++;
    if (this.#next < this.#limit) this.#token = this.#tokens[this.#next++]!;
    else {
      const end = this.#source.text.length;
      this.#ended = true;
      this.#token = { type: 'eof', start: end + this.#endReads++, end, value: '', first: false };
    }
    return this.#token;
  }

  /** Numbers are converted after parsing; that error has no place. */
  #numberError(): string | undefined {
    for (const token of this.#tokens) {
      if (token.type !== 'number' && token.type !== 'float') continue;
      const number = readNumber(token, { source: this.#source, start: token.start, end: token.end });
      if (!number.ok) return number.go;
    }
    return undefined;
  }

  #fail(token: Token, message: string): { error: string } {
    return { error: `At ${this.#place(token.start)}: ${message}` };
  }

  #place(offset: number): string {
    const { line, column } = positionOf(this.#source, offset);
    return `${line}:${column + Math.max(0, offset - this.#source.text.length)}`;
  }

  #text(token: Token): string {
    return this.#source.text.slice(token.start, token.end);
  }
}

const nameOf = (token: Token): string => (token.type === 'comment' ? 'COMMENT' : GO_NAMES[token.type]);

/** How often the original looks past the end before the token for it: words, numbers and comments end only there. */
function earlyEndReads(text: string, tokens: readonly Token[]): number {
  const last = tokens.at(-2);
  if (!last || last.end < text.length) return text === '' || /\s$/.test(text) || text.endsWith('*/') ? 0 : 1;
  if (last.type === 'ident' || last.type === 'bool') return 1;
  if (last.type === 'number' || last.type === 'float') return /^-?0/.test(last.value) || last.type === 'float' ? 1 : 2;
  return 0;
}

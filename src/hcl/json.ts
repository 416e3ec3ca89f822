import type { Diagnostic } from '../base/diagnostic.ts';
import { rangeOf, type Source } from '../base/source.ts';
import type { Located, LocatedEntry } from '../schema/located.ts';
import { BYTE_ORDER_MARK, characterAt, showCharacter } from './chars.ts';
import { MAX_NESTING, Reporter, type Span } from './report.ts';

export interface JsonResult {
  /** Undefined when the text is not JSON. */
  readonly value: Located | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** The error in the words of Go's encoding/json, which is what Consul prints. */
  readonly goError: string | undefined;
}

/** Reads strict JSON, keeping the place of every key and value. Stops at the first error, as JSON has no line to go on at. */
export function readJson(source: Source): JsonResult {
  return read(source, (reader) => reader.document());
}

/** Reads as Go's json.Decoder does: one value, whatever comes behind it. Nothing at all is `EOF`. */
export function readFirstJson(source: Source): JsonResult {
  const result = read(source, (reader) => reader.first());
  if (result.goError !== AT_END) return result;
  return { ...result, goError: source.text.trim() === '' ? 'EOF' : 'unexpected EOF' };
}

const AT_END = 'unexpected end of JSON input';

function read(source: Source, from: (reader: JsonReader) => Located): JsonResult {
  const reporter = new Reporter(source);
  try {
    return { value: from(new JsonReader(reporter)), diagnostics: reporter.diagnostics, goError: undefined };
  } catch (stop) {
    if (!(stop instanceof JsonStop)) throw stop;
    return { value: undefined, diagnostics: reporter.diagnostics, goError: stop.goError };
  }
}

/** Leaves the recursion; never seen outside of this file. */
class JsonStop extends Error {
  readonly goError: string;

  constructor(goError: string) {
    super(goError);
    this.goError = goError;
  }
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const ESCAPES: Readonly<Record<string, string>> = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

class JsonReader {
  readonly #reporter: Reporter;
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(reporter: Reporter) {
    this.#reporter = reporter;
    this.#text = reporter.source.text;
  }

  first(): Located {
    return this.#value();
  }

  document(): Located {
    if (this.#text.charCodeAt(0) === BYTE_ORDER_MARK) this.#at = 1;
    const value = this.#value();
    this.#blank();
    if (this.#at < this.#text.length) this.#fail('after top-level value', 'the document ends before this', 'a file holds one JSON object');
    return value;
  }

  #value(): Located {
    this.#blank();
    const start = this.#at;
    const character = this.#text[start];
    if (character === '{') return this.#nested(() => this.#object(start));
    if (character === '[') return this.#nested(() => this.#array(start));
    if (character === '"') return { type: 'string', value: this.#string(), range: this.#range(start) };
    if (character === 't') return { type: 'bool', value: this.#word('true'), range: this.#range(start) };
    if (character === 'f') return { type: 'bool', value: !this.#word('false'), range: this.#range(start) };
    if (character === 'n') {
      this.#word('null');
      return { type: 'null', range: this.#range(start) };
    }
    if (character === '-' || (character !== undefined && character >= '0' && character <= '9')) return this.#number(start);
    const hint = character === ']' || character === '}' ? 'remove the comma before it' : undefined;
    return this.#fail('looking for beginning of value', 'expected a value', hint);
  }

  #nested(read: () => Located): Located {
    if (this.#depth >= MAX_NESTING) this.#fail('exceeded max depth', `brackets are nested more than ${MAX_NESTING} deep`);
    this.#depth++;
    const value = read();
    this.#depth--;
    return value;
  }

  #object(start: number): Located {
    const entries: LocatedEntry[] = [];
    this.#at++;
    this.#blank();
    if (this.#accept('}')) return { type: 'map', entries, range: this.#range(start) };
    for (;;) {
      this.#blank();
      const keyStart = this.#at;
      if (this.#text[keyStart] !== '"') this.#badKey(start);
      const key = this.#string();
      const keyRange = this.#range(keyStart);
      this.#blank();
      if (!this.#accept(':')) this.#fail('after object key', `expected ':' after the key ${JSON.stringify(key)}`, undefined, start);
      entries.push({ key, keyRange, value: this.#value() });
      this.#blank();
      if (this.#accept('}')) return { type: 'map', entries, range: this.#range(start) };
      if (!this.#accept(',')) this.#fail('after object key:value pair', "expected ',' or '}'", undefined, start);
    }
  }

  #badKey(opener: number): never {
    const character = this.#text[this.#at];
    if (character === '}')
      this.#fail('looking for beginning of object key string', "a comma can't stand before }", 'remove the comma before it');
    const hint = character !== undefined && /[\w$]/.test(character) ? 'keys need double quotes' : undefined;
    this.#fail('looking for beginning of object key string', 'expected a key in double quotes', hint, opener);
  }

  #array(start: number): Located {
    const items: Located[] = [];
    this.#at++;
    this.#blank();
    if (this.#accept(']')) return { type: 'list', items, range: this.#range(start) };
    for (;;) {
      items.push(this.#value());
      this.#blank();
      if (this.#accept(']')) return { type: 'list', items, range: this.#range(start) };
      if (!this.#accept(',')) this.#fail('after array element', "expected ',' or ']'", undefined, start);
    }
  }

  #string(): string {
    const start = this.#at++;
    let value = '';
    for (;;) {
      const runAt = this.#at;
      while (this.#at < this.#text.length && this.#isPlain(this.#text.charCodeAt(this.#at))) this.#at++;
      value += this.#text.slice(runAt, this.#at);
      const character = this.#text[this.#at];
      if (character === '"') {
        this.#at++;
        return value;
      }
      if (character !== '\\')
        this.#fail('in string literal', 'this string is never closed', 'close it with "; a line break inside is written \\n', start);
      value += this.#escape();
    }
  }

  #isPlain(code: number): boolean {
    return code !== 34 && code !== 92 && code >= 32;
  }

  #escape(): string {
    const letter = this.#text[this.#at + 1] ?? '';
    if (letter === 'u') {
      const digits = /^[0-9a-fA-F]{0,4}/.exec(this.#text.slice(this.#at + 2, this.#at + 6))![0];
      this.#at += 2 + digits.length;
      if (digits.length < 4) this.#fail('in \\u hexadecimal character escape', 'four hexadecimal digits must follow \\u');
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    this.#at++;
    if (!Object.hasOwn(ESCAPES, letter)) this.#fail('in string escape code', 'unknown escape in a string', 'write \\\\ for a backslash');
    this.#at++;
    return ESCAPES[letter]!;
  }

  #word(word: string): true {
    for (let i = 0; i < word.length; i++) {
      if (this.#text[this.#at] !== word[i])
        this.#fail(`in literal ${word} (expecting '${word[i]}')`, 'this is no JSON value', 'strings need double quotes');
      this.#at++;
    }
    return true;
  }

  #number(start: number): Located {
    NUMBER.lastIndex = start;
    const raw = NUMBER.exec(this.#text)?.[0];
    this.#at = start + (raw?.length ?? 1);
    if (raw === undefined) this.#fail('in numeric literal', 'expected a digit');
    const next = this.#text[this.#at];
    if (next === '.' && !raw.includes('.')) this.#cutNumber('after decimal point in numeric literal');
    if (next === 'e' || next === 'E') this.#cutNumber('in exponent of numeric literal');
    const value = Number(raw);
    const exact = /[.eE]/.test(raw) || Number.isSafeInteger(value) ? value : BigInt(raw);
    return { type: 'number', value: exact, raw, range: this.#range(start) };
  }

  #cutNumber(where: string): never {
    this.#at++;
    if (/[+-]/.test(this.#text[this.#at] ?? '') && where.startsWith('in exp')) this.#at++;
    this.#fail(where, 'expected a digit');
  }

  #blank(): void {
    for (; ; this.#at++) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return;
    }
  }

  #accept(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  /** Reports a problem at the present character; at the end of the text, at what was never closed. */
  #fail(where: string, summary: string, hint?: string, opener?: number): never {
    const atEnd = this.#at >= this.#text.length;
    const character = characterAt(this.#text, this.#at);
    const here: Span = { start: this.#at, end: this.#at + character.length };
    if (atEnd && opener !== undefined) {
      const open = { start: opener, end: opener + 1 };
      this.#reporter.error(open, `this ${this.#text[opener]} is never closed`, { related: { span: here, message: 'the file ends here' } });
    } else if (where === 'in string literal' && opener !== undefined) {
      this.#reporter.error({ start: opener, end: this.#at }, summary, { hint });
    } else {
      const found = atEnd ? 'the end of the file' : showCharacter(character);
      this.#reporter.error(here, summary, { hint, detail: `found ${found}; a text that starts with { is read as JSON` });
    }
    if (where === 'exceeded max depth') throw new JsonStop(where);
    throw new JsonStop(atEnd ? AT_END : `invalid character ${goQuote(character)} ${where}`);
  }

  #range(start: number) {
    return rangeOf(this.#reporter.source, start, this.#at);
  }
}

/** A character as Go's encoding/json shows it, which looks at bytes: `'\''`, `'\n'`, `'ã'` for the first byte of `あ`. */
function goQuote(character: string): string {
  if (character === "'") return "'\\''";
  if (character === '"') return "'\"'";
  const code = character.codePointAt(0)!;
  const byte = code < 128 ? code : new TextEncoder().encode(character)[0]!;
  const named: Readonly<Record<number, string>> = { 7: '\\a', 8: '\\b', 9: '\\t', 10: '\\n', 11: '\\v', 12: '\\f', 13: '\\r', 92: '\\\\' };
  if (named[byte] !== undefined) return `'${named[byte]}'`;
  if (byte < 32 || byte === 127) return `'\\x${byte.toString(16).padStart(2, '0')}'`;
  return `'${String.fromCharCode(byte)}'`;
}

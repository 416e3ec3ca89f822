import { GO_ESCAPES } from '../../base/go-string.ts';
import { BACKSLASH, characterAt, endOfLine, isHex, isOctal, NEWLINE, QUOTE } from '../chars.ts';
import type { Problem, Taken } from './token.ts';

const SIMPLE: Readonly<Record<string, string>> = { ...GO_ESCAPES, '"': '"' };

/** Digits that an escape needs after its letter. */
const HEX_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/**
 * Reads a quoted string of HCL 1 from its opening quote. `${…}` is copied raw and may hold quotes and line breaks; the rest
 * knows Go's escapes. A string that is not closed ends with its line, so that the lines below are still read.
 */
export function readString(text: string, start: number): Taken {
  const problems: Problem[] = [];
  const content = new Content();
  let braces = 0;
  let interpolation = start;
  let at = start + 1;
  for (;;) {
    const code = text.charCodeAt(at);
    if (at >= text.length || (braces === 0 && code === NEWLINE) || code === 0) {
      problems.push(unterminated(text, start, at, braces > 0 ? interpolation : undefined));
      const end = braces > 0 ? Math.max(endOfLine(text, start), start + 1) : code === 0 ? at + 1 : endOfLine(text, start + 1);
      return { end: Math.min(Math.max(end, start + 1), text.length), value: content.text(), problems };
    }
    if (code === QUOTE && braces === 0) return { end: at + 1, value: content.text(), problems };
    if (code === BACKSLASH) {
      const escaped = readEscape(text, at);
      if (escaped.problem) problems.push(escaped.problem);
      // Inside `${…}` an escape is checked, but copied as it stands.
      if (braces > 0) content.add(text.slice(at, escaped.end));
      else if (escaped.byte !== undefined) content.addByte(escaped.byte);
      else content.add(escaped.value);
      at = escaped.end;
      continue;
    }
    if (code === 36 && braces === 0 && text[at + 1] === '{') {
      interpolation = at;
      braces = 1;
      content.add('${');
      at += 2;
      continue;
    }
    if (braces > 0 && code === 123) braces++;
    if (braces > 0 && code === 125) braces--;
    const runAt = at++;
    // HCL 1 reads CRLF as LF everywhere.
    if (code === 13 && text.charCodeAt(at) === NEWLINE) continue;
    while (at < text.length && isPlain(text.charCodeAt(at))) at++;
    content.add(text.slice(runAt, at));
  }
}

/** Characters that mean nothing but themselves, in and outside `${…}`. */
const isPlain = (code: number): boolean => code > 13 && code !== QUOTE && code !== BACKSLASH && code !== 36 && code !== 123 && code !== 125;

function unterminated(text: string, start: number, at: number, interpolation: number | undefined): Problem {
  const quote = { start, end: start + 1 };
  const offset = text.charCodeAt(at) === NEWLINE && text.charCodeAt(at - 1) === 13 ? at - 1 : at;
  const scan = { message: 'literal not terminated', offset, final: at >= text.length };
  if (interpolation !== undefined) {
    return {
      span: { start: interpolation, end: interpolation + 2 },
      summary: 'this ${ is never closed, so neither is the string around it',
      why: { hint: 'close it with }', related: { span: quote, message: 'the string starts here' } },
      scan,
    };
  }
  return {
    span: { start, end: Math.max(start + 1, endOfLine(text, start)) },
    summary: 'this string is never closed',
    why: { detail: 'a string ends on the line it starts on', hint: 'close it with "; for several lines use <<EOF … EOF' },
    scan,
  };
}

interface Escape {
  readonly end: number;
  readonly value: string;
  /** `\xHH` and `\ooo` give bytes, not characters. */
  readonly byte?: number;
  readonly problem?: Problem;
}

function readEscape(text: string, at: number): Escape {
  const letter = characterAt(text, at + 1);
  if (Object.hasOwn(SIMPLE, letter)) return { end: at + 2, value: SIMPLE[letter]! };
  const octal = isOctal(text.charCodeAt(at + 1));
  const wanted = octal ? 3 : Object.hasOwn(HEX_DIGITS, letter) ? HEX_DIGITS[letter]! : 0;
  const digitsAt = octal ? at + 1 : at + 2;
  let end = digitsAt;
  while (end < digitsAt + wanted && (octal ? isOctal : isHex)(text.charCodeAt(end))) end++;
  if (wanted > 0 && end === digitsAt + wanted) {
    const code = Number.parseInt(text.slice(digitsAt, end), octal ? 8 : 16);
    if (octal || letter === 'x') return { end, value: '', byte: code & 0xff };
    // Go has no half surrogates: what is no character becomes the replacement character.
    const valid = code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
    return { end, value: valid ? String.fromCodePoint(code) : '\ufffd' };
  }
  // A string that ends right after the backslash is told about its missing quote instead.
  const lineBreak = letter === '' || letter === '\n' || letter === '\r';
  if (wanted === 0) end = lineBreak ? at + 1 : at + 1 + letter.length;
  return {
    end,
    value: '',
    problem: {
      span: { start: at, end: Math.max(end, at + 1) },
      summary: `unknown escape ${JSON.stringify(text.slice(at, Math.max(end, at + 1)))
        .slice(1, -1)
        .replace(/\\\\/g, '\\')} in a string`,
      why: {
        detail: 'known here: \\n \\t \\r \\" \\\\ \\a \\b \\f \\v \\ooo \\xHH \\uHHHH \\UHHHHHHHH',
        hint: 'write \\\\ for a backslash',
      },
      scan: { message: 'illegal char escape', offset: wanted === 0 ? at + 1 : end },
    },
  };
}

/** Text that may be built from single bytes, as Go's strings are; bytes that are no UTF-8 read as U+FFFD. */
class Content {
  #text = '';
  #bytes: number[] = [];

  add(text: string): void {
    this.#flush();
    this.#text += text;
  }

  addByte(byte: number): void {
    this.#bytes.push(byte);
  }

  text(): string {
    this.#flush();
    return this.#text;
  }

  #flush(): void {
    if (this.#bytes.length === 0) return;
    this.#text += new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(this.#bytes));
    this.#bytes = [];
  }
}

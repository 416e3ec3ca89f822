import { showCharacter } from '../chars.ts';
import type { Explanation, Span } from '../report.ts';
import { describeToken, type Token } from './token.ts';

interface Explained {
  readonly span: Span;
  readonly summary: string;
  readonly why: Explanation;
}

/** Characters that other languages use, and what HCL uses instead. */
const FOREIGN: Readonly<Record<string, string>> = {
  "'": 'strings need double quotes: "…"',
  '`': 'strings need double quotes: "…"; for several lines use <<EOF … EOF',
  ';': 'put each attribute on its own line',
  '&': "write '&&' for and",
  '|': "write '||' for or",
  $: 'it stands for a value inside of strings only; elsewhere write the name alone: var.x',
};

function hintForCharacter(character: string): string | undefined {
  return Object.hasOwn(FOREIGN, character) ? FOREIGN[character] : undefined;
}

/** An expression was expected, and this is none. What is missing is missing after the token before. */
export function explainExpected(token: Token, previous: Token, text: string): Explained {
  if (token.type === 'illegal') return explainIllegal(token, text);
  const after = { start: previous.end, end: previous.end };
  if (['newline', 'eof', '}', ']', ')', ',', 'template-end'].includes(token.type)) {
    const summary = token.type === ',' ? 'a value is missing before this comma' : 'a value is missing here';
    const span = token.type === ',' ? token : after;
    return { span, summary, why: { detail: `found ${describeToken(token)} instead` } };
  }
  if (token.type === '=') return { span: token, summary: "one '=' is enough", why: {} };
  if (token.type === '+') return { span: token, summary: "a number takes no '+'", why: { hint: 'leave it out' } };
  if (token.type === '.')
    return { span: token, summary: "a value can't start with '.'", why: { hint: 'write 0.5, with a digit before the dot' } };
  const heredoc = token.type === '<';
  return {
    span: token,
    summary: `a value can't start with ${describeToken(token)}`,
    why: heredoc ? { hint: 'a heredoc starts with << and a marker, without quotes or spaces: <<EOF' } : {},
  };
}

/** Text in quotes of another kind, up to the end of its line. */
const OTHER_QUOTES = /(['`])(?!\1)([^'`"\n]*)\1|[‘’]([^‘’\n]*)[‘’]|[“”„«]([^“”„«»\n]*)[“”»]/y;

const INTERPOLATION = /\$\{\s*([^{}"\n]*?)\s*\}/y;

export function explainIllegal(token: Token, text: string): Explained {
  OTHER_QUOTES.lastIndex = token.start;
  const quoted = OTHER_QUOTES.exec(text);
  if (quoted) {
    const value = quoted[2] ?? quoted[3] ?? quoted[4] ?? '';
    const typographic = quoted[1] === undefined ? ' with plain quotes' : '';
    const span = { start: token.start, end: token.start + quoted[0].length };
    return { span, summary: 'a string needs double quotes', why: { hint: `write "${value}"${typographic}` } };
  }
  INTERPOLATION.lastIndex = token.start;
  const inner = INTERPOLATION.exec(text);
  if (inner) {
    const span = { start: token.start, end: token.start + inner[0].length };
    return { span, summary: 'this form is for strings only', why: { hint: `write ${inner[1]}, or ${JSON.stringify(inner[0])}` } };
  }
  const summary = `${showCharacter(token.value)} has no meaning here`;
  if (/^\p{Z}/u.test(token.value)) return { span: token, summary, why: { hint: 'it looks like a space: write a plain one' } };
  if (/^\p{C}/u.test(token.value)) return { span: token, summary, why: { hint: 'it can not be seen: remove it' } };
  return { span: token, summary, why: { hint: hintForCharacter(token.value) } };
}

/** What is a text for everybody but HCL: an address, a path, a number with a unit. None of it can be an expression. */
const BARE_TEXT = [
  /[A-Za-z][\w+.-]*:\/\/\S*/y,
  /(?:\.{0,2}|~)\/[^\s,]*/y,
  /\d[\d.]*(?![eE][+-]?\d+[ \t]*$)[A-Za-z%][\w.%-]*/my,
  /[A-Za-z0-9][\w./-]*:[\w.-]+/y,
];

/** The whole of a value that lacks its quotes, if that is what stands at `start` of a line. */
export function bareText(text: string, start: number): Span | undefined {
  for (const pattern of BARE_TEXT) {
    pattern.lastIndex = start;
    const found = pattern.exec(text);
    if (!found) continue;
    const end = start + found[0].length;
    if (/^,?[ \t]*(?:(?:#|\/\/).*)?\r?(?:\n|$)/.test(text.slice(end, text.indexOf('\n', end) + 1 || text.length))) return { start, end };
  }
  return undefined;
}

const WORDS: Readonly<Record<string, string>> = { and: '&&', or: '||', is: '==', eq: '==', not: '!' };

/** A value is complete, and something follows on its line. */
export function explainMore(token: Token, previous: Token, text: string): Explained | undefined {
  if (token.type === 'ident' && Object.hasOwn(WORDS, token.value))
    return { span: token, summary: `${token.value} is no operator`, why: { hint: `write ${WORDS[token.value]}` } };
  if (previous.type === 'quote-end' && token.start === previous.end && !['heredoc', 'newline'].includes(token.type)) {
    const rest = /^[^"\n]*/.exec(text.slice(token.start))![0].trim();
    const before = rest === '' ? 'here' : `before ${rest}`;
    return {
      span: { start: previous.start, end: previous.end },
      summary: `this quote ends the string, ${before}`,
      why: { hint: 'write \\" for a quote inside of a string' },
    };
  }
  return undefined;
}

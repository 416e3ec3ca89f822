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
export function explainExpected(token: Token, previous: Token): Explained {
  if (token.type === 'illegal') return explainIllegal(token);
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

export function explainIllegal(token: Token): Explained {
  return { span: token, summary: `${showCharacter(token.value)} has no meaning here`, why: { hint: hintForCharacter(token.value) } };
}

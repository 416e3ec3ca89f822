import { type Range, rangeOf, type Source } from '../../base/source.ts';
import { TemplateError } from './template-error.ts';

/** A template cut into text and actions. Trim markers have been applied, comments are gone. */
export type Piece = { readonly kind: 'text'; readonly text: string } | Action;

export interface Action {
  readonly kind: 'action';
  readonly tokens: readonly Token[];
  readonly range: Range;
}

export interface Token {
  readonly kind: 'field' | 'dot' | 'variable' | 'word' | 'number' | 'string' | 'raw' | 'character' | 'symbol';
  readonly text: string;
  readonly range: Range;
  /** White space stands before it: `.a .b` are two values, `.a.b` is one. */
  readonly spaced: boolean;
}

const TOKENS: readonly (readonly [Token['kind'], RegExp])[] = [
  ['field', /\.[\p{L}_][\p{L}\p{Nd}_]*/uy],
  ['number', /[+-]?(?:0[xX][\dA-Fa-f_]+|(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?![\p{L}\p{Nd}_.])/uy],
  ['dot', /\.(?![\p{L}\p{Nd}_])/uy],
  ['variable', /\$[\p{L}\p{Nd}_]*/uy],
  ['word', /[\p{L}_][\p{L}\p{Nd}_]*/uy],
  ['string', /"(?:[^"\\\n]|\\.)*"/y],
  ['raw', /`[^`]*`/y],
  ['character', /'(?:[^'\\\n]|\\.)+'/y],
  ['symbol', /:=|[|(),=]/y],
];

/** Cuts a template. The delimiters are Shipyard's: `#{{` leaves Nomad's and Consul's own `{{ }}` alone. */
export function cut(source: Source, delimiters: { readonly left: string; readonly right: string }): Piece[] {
  const { text } = source;
  const pieces: Piece[] = [];
  let at = 0;
  let trimNext = false;
  while (at <= text.length) {
    const open = text.indexOf(delimiters.left, at);
    const inside = open + delimiters.left.length;
    const trims = open !== -1 && /^-\s/.test(text.slice(inside, inside + 2));
    let plain = text.slice(at, open === -1 ? text.length : open);
    if (trimNext) plain = plain.replace(/^[ \t\r\n]+/, '');
    if (trims) plain = plain.replace(/[ \t\r\n]+$/, '');
    if (plain !== '') pieces.push({ kind: 'text', text: plain });
    if (open === -1) break;
    const from = trims ? inside + 1 : inside;
    const { end, trimsAfter, action } = readAction(source, { open, from }, delimiters);
    if (action) pieces.push(action);
    at = end;
    trimNext = trimsAfter;
  }
  return pieces;
}

function readAction(
  source: Source,
  { open, from }: { open: number; from: number },
  { left, right }: { left: string; right: string },
): { end: number; trimsAfter: boolean; action?: Action } {
  const { text } = source;
  const opening = rangeOf(source, open, open + left.length);
  const comment = /^\s*\/\*/.exec(text.slice(from, from + 200));
  if (comment) {
    const close = text.indexOf('*/', from + comment[0].length);
    if (close === -1) throw new TemplateError(opening, 'this comment has no end', { detail: `expected "*/${right}"` });
    const ending = closing(text, close + 2, right);
    if (!ending) throw new TemplateError(rangeOf(source, close, close + 2), `a comment must end with "*/${right}"`);
    return ending;
  }
  const tokens: Token[] = [];
  for (let at = from; ; ) {
    const ending = closing(text, at, right);
    if (ending) return { ...ending, action: { kind: 'action', tokens, range: rangeOf(source, open, ending.end) } };
    const spaces = /\s*/y;
    spaces.lastIndex = at;
    const start = at + spaces.exec(text)![0].length;
    if (start >= text.length) throw new TemplateError(opening, `this action has no end`, { detail: `expected "${right}"` });
    const token = tokenAt(source, start, start > at || at === from);
    tokens.push(token);
    at = token.range.end;
  }
}

/** The right delimiter, if it stands here: ` -}}` trims what follows. */
function closing(text: string, at: number, right: string): { end: number; trimsAfter: boolean } | undefined {
  const space = /\s*/y;
  space.lastIndex = at;
  const spaces = space.exec(text)![0].length;
  const here = at + spaces;
  if (text.startsWith(right, here)) return { end: here + right.length, trimsAfter: false };
  if (spaces > 0 && text.startsWith(`-${right}`, here)) return { end: here + 1 + right.length, trimsAfter: true };
  return undefined;
}

function tokenAt(source: Source, start: number, spaced: boolean): Token {
  for (const [kind, pattern] of TOKENS) {
    pattern.lastIndex = start;
    const text = pattern.exec(source.text)?.[0];
    if (text !== undefined) return { kind, text, range: rangeOf(source, start, start + text.length), spaced };
  }
  const character = String.fromCodePoint(source.text.codePointAt(start)!);
  const range = rangeOf(source, start, start + character.length);
  if (/["`']/.test(character)) throw new TemplateError(range, `this ${character} has no end on its line`);
  const more = character === '-' ? { hint: 'a name with a dash is read with index: index .Vars "my-name"' } : {};
  throw new TemplateError(range, `unexpected ${JSON.stringify(character)} in an action`, more);
}

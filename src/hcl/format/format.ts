import { type Diagnostic, hasErrors } from '../../base/diagnostic.ts';
import type { Source } from '../../base/source.ts';
import { decodeHcl1, isJsonText } from '../hcl1/index.ts';
import { parseHcl2 } from '../hcl2/parse.ts';
import { align } from './align.ts';
import { setIndents } from './indent.ts';
import { linesOf } from './lines.ts';
import { setSpaces } from './spaces.ts';
import type { FormatToken } from './token.ts';
import { tokensOfHcl1, tokensOfHcl2 } from './tokens.ts';

export type Formatted =
  | { readonly text: string; readonly diagnostics?: undefined }
  /** It can't be read: what is wrong with it. */
  | { readonly text?: undefined; readonly diagnostics: readonly Diagnostic[] };

type Read = (text: string) => FormatToken[];

/**
 * The canonical form of a file, as HashiCorp's hclwrite has it: only blanks change. Which dialect it is in shows in which can
 * read it; of a file that both can, strings stay whole, as a blank in `${ x }` is a part of the text for HCL 1. JSON is left alone.
 */
export function formatHcl(source: Source): Formatted {
  const { text } = source;
  if (isJsonText(text)) return { text };
  const hcl2 = parseHcl2(source).diagnostics;
  const hcl1 = decodeHcl1(source).diagnostics;
  if (!hasErrors(hcl1) && !hasErrors(hcl2)) return { text: layOut(text, whole, [whole, tokensOfHcl1]) };
  if (!hasErrors(hcl2)) return { text: layOut(text, parts, [parts]) };
  if (!hasErrors(hcl1)) return { text: layOut(text, tokensOfHcl1, [tokensOfHcl1]) };
  // Who has less to complain about is more likely the one that was meant.
  return { diagnostics: count(hcl1) < count(hcl2) ? hcl1 : hcl2 };
}

const whole: Read = (text) => tokensOfHcl2(text, 'whole');
const parts: Read = (text) => tokensOfHcl2(text, 'parts');

const count = (diagnostics: readonly Diagnostic[]): number => diagnostics.filter(({ severity }) => severity === 'error').length;

/** `checks`: the ways in which the result has to read as the text does; otherwise it stays as it is. */
function layOut(text: string, read: Read, checks: readonly Read[]): string {
  const lines = linesOf(read(text));
  setSpaces(lines);
  setIndents(lines);
  align(lines);
  const mark = text.startsWith('\ufeff') ? '\ufeff' : '';
  const tokens = lines.flatMap(({ lead, assign, comment, end }) => [
    ...lead,
    ...assign,
    ...(comment ? [comment] : []),
    ...(end ? [end] : []),
  ]);
  const body = tokens.map(({ spaces, text: piece }) => ' '.repeat(spaces) + piece).join('');
  const lineBreak = /\r?\n/.exec(body)?.[0] ?? '\n';
  const trimmed = body.replace(/(?:\r?\n)+$/, '');
  const result = mark + (trimmed === '' ? '' : trimmed + lineBreak);
  return checks.every((check) => sameTokens(check(text), check(result))) ? result : text;
}

/** Whether only blanks differ, and line breaks at the end. */
function sameTokens(before: FormatToken[], after: FormatToken[]): boolean {
  const [a, b] = [withoutEnd(before), withoutEnd(after)];
  return a.length === b.length && a.every(({ kind, text }, i) => kind === b[i]!.kind && text === b[i]!.text);
}

function withoutEnd(tokens: readonly FormatToken[]): readonly FormatToken[] {
  return tokens.slice(0, tokens.findLastIndex(({ kind }) => kind !== 'newline') + 1);
}

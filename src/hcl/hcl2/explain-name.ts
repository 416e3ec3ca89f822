import type { Diagnostic } from '../../base/diagnostic.ts';
import { type Range, rangeOf } from '../../base/source.ts';
import { didYouMean } from '../../base/suggest.ts';
import type { Located } from '../../schema/located.ts';

/** How other languages write what HCL has, too. */
const KEYWORDS: Readonly<Record<string, string>> = {
  True: 'true',
  TRUE: 'true',
  yes: 'true',
  on: 'true',
  False: 'false',
  FALSE: 'false',
  no: 'false',
  off: 'false',
  None: 'null',
  nil: 'null',
  NULL: 'null',
  Null: 'null',
  undefined: 'null',
};

/**
 * A name that stands for nothing. Most often it is a text without its quotes, all of which is pointed at then; or a
 * variable without `var.`.
 */
export function explainName(name: string, range: Range, known: ReadonlyMap<string, Located>): Diagnostic {
  const keyword = Object.hasOwn(KEYWORDS, name) ? KEYWORDS[name] : undefined;
  if (keyword !== undefined) return unknown(name, range, `write ${keyword}`);
  for (const [root, value] of known) {
    const path = `${root}.${name}`;
    if (value.type === 'map' && value.entries.some(({ key }) => key === name)) return unknown(name, range, `did you mean ${path}?`);
  }
  const whole = wordAround(range);
  const hint = didYouMean(name, known.keys()).hint ?? `put it in quotes if it is text: "${textOf(whole)}"`;
  return unknown(name, hint.startsWith('put') ? whole : range, hint);
}

/** What begins as a number and goes on with a dot: an address or a version without its quotes. */
export function explainNumber(range: Range): Diagnostic {
  const whole = wordAround(range);
  return { severity: 'error', subject: whole, summary: `${textOf(whole)} is no number`, hint: `put it in quotes: "${textOf(whole)}"` };
}

function unknown(name: string, subject: Range, hint: string): Diagnostic {
  return { severity: 'error', subject, summary: `unknown name ${name}`, hint };
}

/** All that stands around a place without a space, and would be one text in quotes: `8080/tcp`, `network.local`. */
function wordAround({ source, start, end }: Range): Range {
  const before = /[\w./:@-]*$/.exec(source.text.slice(Math.max(0, start - 200), start))![0];
  const after = /^[\w./:@-]*/.exec(source.text.slice(end, end + 200))![0];
  return rangeOf(source, start - before.length, end + after.length);
}

const textOf = ({ source, start, end }: Range): string => source.text.slice(start, end);

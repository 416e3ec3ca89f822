import type { Denial } from '../../api/denial.ts';
import { printable } from '../../ui/printable.ts';
import type { Style } from '../../ui/style.ts';
import { age } from '../../ui/table.ts';
import { wrap } from '../../ui/wrap.ts';
import { type Folders, originText } from './shown-place.ts';

export interface ShownDenials extends Folders {
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly style: Style;
  /** Columns of the terminal; absent: lines may be of any length. */
  readonly width: number | undefined;
}

/** For people: what was refused, which rule it was, where that is, how it would fare by now, and the command that would allow it, ready to be copied. */
export function renderDenials(denials: readonly Denial[], shown: ShownDenials): string {
  const { style } = shown;
  const blocks = denials.map((denial) => [...heading(denial, shown), ...reasons(denial, shown), ...standing(denial, shown)].join('\n'));
  const several = denials.filter(({ fix }) => fix?.startsWith('mesh config write')).length > 1;
  const hint = several ? [style.dim('Each command is for the entries as they are now: after one, ask again for the others.')] : [];
  return `${[...blocks, ...hint].join('\n\n')}\n`;
}

/** A narrower terminal breaks lines itself. */
const MIN_TEXT = 30;

function lines(text: string, { width = Number.POSITIVE_INFINITY }: ShownDenials, indent = '  '): string[] {
  return wrap(printable(text), Math.max(width - indent.length, MIN_TEXT)).map((line) => indent + line);
}

function heading({ source, destination, request, status, times, lastAt }: Denial, shown: ShownDenials): string[] {
  const { now, style, width = Number.POSITIVE_INFINITY } = shown;
  const ends = printable(`${source} -> ${destination}`);
  const what = printable(request ? `${request.method} ${request.path}` : 'a connection');
  const how = `${status === 0 ? 'closed' : status}, ${times === 1 ? 'once,' : `${times} times, last`} ${age(new Date(lastAt).toISOString(), now)} ago`;
  const first = `${style.bold(ends)} ${what}:`;
  return ends.length + what.length + how.length + 3 <= width ? [`${first} ${style.error(how)}`] : [first, `  ${style.error(how)}`];
}

const ruleOf = ({ reason }: Denial): string => reason.replace(/^spiffe:\S+: /, '');

function reasons(denial: Denial, shown: ShownDenials): string[] {
  const { origin, token } = denial;
  return [
    ...lines(ruleOf(denial), shown),
    ...(origin ? lines(`of ${originText(origin, shown)}`, shown).map(shown.style.dim) : []),
    ...(token === undefined ? [] : lines('To be let in, it has to carry such a token; no command replaces that.', shown)),
  ];
}

function standing(denial: Denial, shown: ShownDenials): string[] {
  const { style } = shown;
  const { token, passes, decidesNow, fix, advice } = denial;
  if (token !== undefined) return [];
  if (decidesNow === undefined) return lines('What would allow it is only shown to those who may read the entry (intention:read).', shown);
  if (passes) return lines(`It would pass now: ${decidesNow}`, shown).map(style.good);
  const also = decidesNow === ruleOf(denial) ? [] : lines(`It would be refused now by: ${decidesNow}`, shown);
  const needs =
    advice === undefined ? [] : lines(fix === undefined ? `No command allows this alone: ${advice}.` : `Then ${advice}.`, shown);
  return [...also, ...needs, ...(fix === undefined ? [] : [style.dim('To allow exactly this:'), ...fix.split('\n').map(printable)])];
}

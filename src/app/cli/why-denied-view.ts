import type { Denial } from '../../api/denial.ts';
import { printable } from '../../ui/printable.ts';
import type { Style } from '../../ui/style.ts';
import { age } from '../../ui/table.ts';
import { type Folders, originText } from './shown-place.ts';

/** How refusals are shown. */
export interface Shown extends Folders {
  readonly style: Style;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** For people: what was refused, which rule it was, where that is, and the command that would allow it, ready to be copied. */
export function renderDenials(denials: readonly Denial[], shown: Shown): string {
  const { style } = shown;
  const blocks = denials.map((denial) => [heading(denial, shown), ...reasons(denial, shown), ...fix(denial, style)].join('\n'));
  const several = denials.filter(({ fix }) => fix?.startsWith('mesh config write')).length > 1;
  const hint = several ? [style.dim('Each command is for the entries as they are now: after one, ask again for the others.')] : [];
  return `${[...blocks, ...hint].join('\n\n')}\n`;
}

function heading({ source, destination, request, status, times, lastAt }: Denial, { now, style }: Shown): string {
  const what = request ? `${request.method} ${request.path}` : 'a connection';
  const often = times === 1 ? 'once,' : `${times} times, last`;
  const how = `${status === 0 ? 'closed' : status}, ${often} ${age(new Date(lastAt).toISOString(), now)} ago`;
  return `${style.bold(printable(`${source} -> ${destination}`))} ${printable(what)}: ${style.error(how)}`;
}

function reasons({ reason, origin, token }: Denial, shown: Shown): string[] {
  return [
    `  ${printable(reason.replace(/^spiffe:\S+: /, ''))}`,
    ...(origin ? [shown.style.dim(`  of ${originText(origin, shown)}`)] : []),
    ...(token === undefined ? [] : ['  To be let in, it has to carry such a token; no command replaces that.']),
  ];
}

function fix({ fix, passes, token }: Denial, style: Style): string[] {
  if (fix !== undefined) return [style.dim('To allow exactly this:'), ...fix.split('\n').map(printable)];
  if (passes) return ['  As things are now, it would pass.'];
  return token === undefined ? ['  What would allow it is only shown to those who may read the entry (intention:read).'] : [];
}

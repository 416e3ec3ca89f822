import type { Denial } from '../../api/denial.ts';
import { printable } from '../../ui/printable.ts';
import type { Style } from '../../ui/style.ts';
import { age } from '../../ui/table.ts';

/** For people: what was refused, which rule it was, where that is, and the command that would allow it, ready to be copied. */
export function renderDenials(denials: readonly Denial[], now: number, style: Style): string {
  const blocks = denials.map((denial) => [heading(denial, now, style), ...reasons(denial, style), ...fix(denial, style)].join('\n'));
  const several = denials.filter(({ fix }) => fix?.startsWith('mesh config write')).length > 1;
  const hint = several ? [style.dim('Each command is for the entries as they are now: after one, ask again for the others.')] : [];
  return `${[...blocks, ...hint].join('\n\n')}\n`;
}

function heading({ source, destination, request, status, times, lastAt }: Denial, now: number, style: Style): string {
  const what = request ? `${request.method} ${request.path}` : 'a connection';
  const how = `${status === 0 ? 'closed' : status}, ${times === 1 ? 'once' : `${times} times, last`}, ${age(new Date(lastAt).toISOString(), now)} ago`;
  return `${style.bold(printable(`${source} -> ${destination}`))} ${printable(what)}: ${style.error(how)}`;
}

function reasons({ reason, origin, token }: Denial, style: Style): string[] {
  const file = origin?.file ? `, ${origin.file.path}:${origin.file.line}` : '';
  return [
    `  ${printable(reason.replace(/^spiffe:\S+: /, ''))}`,
    ...(origin ? [style.dim(`  of ${printable(origin.of + file)}`)] : []),
    ...(token === undefined ? [] : ['  To be let in, it has to carry such a token; no command replaces that.']),
  ];
}

function fix({ fix, token }: Denial, style: Style): string[] {
  if (fix !== undefined) return [style.dim('To allow exactly this:'), ...fix.split('\n').map(printable)];
  return token === undefined ? ['  As things are now, it would pass, or you may not see what would allow it.'] : [];
}

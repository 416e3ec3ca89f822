import type { TappedRequest } from '../../compile/proxy-config.ts';
import { printable } from '../../ui/printable.ts';
import type { Style } from '../../ui/style.ts';
import { clockTime } from '../../ui/time.ts';

/** A path that is cut still says something. */
const MIN_PATH = 12;

/** One request, or connection, in one line; in no more than `width` columns, if it is given. */
export function tapLine(tapped: TappedRequest, style: Style, width?: number): string {
  const { at, source, destination, durationMs, endpoint = '' } = tapped;
  const who = printable(`${source || '(outside)'} -> ${destination}`);
  const what = whatOf(tapped);
  const outcome = outcomeOf(tapped);
  const reason = reasonOf(tapped);
  const time = clockTime(at);
  const took = `${durationMs < 10 ? durationMs.toFixed(1) : Math.round(durationMs)}ms`;
  const tail = [took, endpoint, reason];
  const fixed = `${time} ${who}  ${outcome} `.length;
  let shown = tail;
  let path = what;
  if (width !== undefined) {
    if (fixed + what.length + lengthOf(shown) > width) shown = [took, reason];
    const room = width - fixed - lengthOf(shown);
    if (path.length > room) path = cut(path, Math.max(room, MIN_PATH));
    const left = width - fixed - path.length;
    if (lengthOf(shown) > left) shown = [took, cut(reason, Math.max(left - took.length - 1, MIN_PATH))];
  }
  const [first, ...more] = shown.filter((part) => part !== '');
  const rest = more.length === 0 ? '' : ` ${style.dim(more.join(' '))}`;
  return `${style.dim(time)} ${style.bold(who)} ${path} ${colourOf(tapped, style)(outcome)} ${first}${rest}`;
}

/** What a request and its answer have said, each field in a line. */
export function fieldLines({ requestFields, responseFields }: TappedRequest, style: Style): string[] {
  const lines = (mark: string, fields: readonly string[]): string[] =>
    fields.flatMap((name, i) => (i % 2 === 0 ? [style.dim(printable(`  ${mark} ${name}: ${fields[i + 1]}`))] : []));
  return [...lines('>', requestFields), ...lines('<', responseFields)];
}

const lengthOf = (parts: readonly string[]): number => parts.filter((part) => part !== '').join(' ').length;

const cut = (text: string, width: number): string => (text.length <= width ? text : `${text.slice(0, width - 1)}…`);

function whatOf({ connection, method, target, bytesUp, bytesDown }: TappedRequest): string {
  if (connection) return `tcp, ${bytesUp} B up, ${bytesDown} B down`;
  return method === '' ? '(unreadable)' : printable(`${method} ${target}`);
}

function outcomeOf({ connection, status, flag, reason }: TappedRequest): string {
  if (connection) return flag || (reason === undefined ? 'closed' : 'refused');
  return [status === 0 ? 'none' : String(status), flag].filter((part) => part !== '').join(' ');
}

/** The rule, or why; what the other sidecar says counts where this one has only passed it on. */
function reasonOf({ rule, reason, status, responseFields }: TappedRequest): string {
  const told =
    status >= 400
      ? responseFields[responseFields.findIndex((field, i) => i % 2 === 0 && field.toLowerCase() === 'x-mesh-reason') + 1]
      : undefined;
  const text = rule ?? reason ?? told ?? '';
  return printable(text.replace(/^spiffe:\S+: /, ''));
}

function colourOf({ connection, status, reason }: TappedRequest, style: Style): (text: string) => string {
  if (connection) return reason === undefined ? style.good : style.error;
  if (status >= 500 || status === 0) return style.error;
  return status >= 400 ? style.warning : style.good;
}

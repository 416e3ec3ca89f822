import { EVENT_KINDS, type MeshEvent } from '../../api/event.ts';
import { printable } from '../../ui/printable.ts';
import type { Style } from '../../ui/style.ts';
import { clockTime } from '../../ui/time.ts';

const KIND_WIDTH = Math.max(...EVENT_KINDS.map((kind) => kind.length));

/** One event in one line; in no more than `width` columns, if it is given. */
export function eventLine({ at, kind, text, level }: MeshEvent, style: Style, width = Number.POSITIVE_INFINITY): string {
  const head = `${clockTime(at)} ${kind.padEnd(KIND_WIDTH)} `;
  const whole = printable(text);
  const room = width - head.length;
  const shown = whole.length <= room ? whole : `${whole.slice(0, room - 1)}…`;
  const colour = level === 'error' ? style.error : level === 'warn' ? style.warning : (plain: string) => plain;
  return `${style.dim(head.slice(0, 12))} ${style.bold(kind.padEnd(KIND_WIDTH))} ${colour(shown)}`;
}

import { perSecond, quantileMs, successOf, together } from '../../api/rates.ts';
import { formatDuration } from '../../base/duration.ts';
import { printable } from '../../ui/printable.ts';
import type { Style } from '../../ui/style.ts';
import { renderTable, type Shrinkable } from '../../ui/table.ts';
import { clockTime } from '../../ui/time.ts';
import { bytesText, countText, NONE, rateText, shareText, timeText } from './figures.ts';
import type { Row, View, Wanted } from './rows.ts';

/** What a table of traffic shows at one moment. */
export interface TopState extends Wanted {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Undefined until there are two answers to compare. */
  readonly rows: readonly Row[] | undefined;
  readonly boundsMs: readonly number[];
  readonly intervalMs: number;
  readonly paused: boolean;
  /** Why what is shown is old. */
  readonly problem?: string;
}

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

const HEADS: Readonly<Record<View, readonly string[]>> = {
  service: ['SERVICE'],
  source: ['SOURCE'],
  edge: ['SOURCE', 'DESTINATION'],
  route: ['SOURCE', 'UPSTREAM', 'ROUTE', 'TO'],
};
const HTTP = ['RPS', 'P50', 'P95', 'P99', 'RETRIES'];
const BYTES = ['CONN/S', 'OPEN', 'BYTES/S'];
const FIGURES = ['RPS', 'CONN/S', 'SUCCESS', 'P50', 'P95', 'P99', 'DENIED', 'RETRIES', 'OPEN', 'BYTES/S'];
/** What is left out first where there is no room. */
const SPARED = ['RETRIES', 'P50', 'OPEN', 'BYTES/S', 'P95', 'DENIED', 'CONN/S', 'P99', 'SUCCESS'];

/** Above it less than one in a hundred calls fails. */
const GOOD = 0.99;

/** The table alone, as wide as it is or as there is room. */
export function topTable(
  rows: readonly Row[],
  { view, boundsMs }: Pick<TopState, 'view' | 'boundsMs'>,
  style: Style,
  width?: number,
): string {
  const names = HEADS[view];
  const bytes = rows.some(({ carries }) => carries.bytes);
  const requests = !bytes || rows.some(({ carries }) => carries.requests);
  const shown = FIGURES.filter((name) => (requests || !HTTP.includes(name)) && (bytes || !BYTES.includes(name)));
  const header = [...names, ...shown];
  const at = (name: string): number => header.indexOf(name);
  const severalDatacenters =
    new Set(rows.flatMap(({ named }) => [named.sourceDatacenter, named.destinationDatacenter].filter(Boolean))).size > 1;
  const cells = rows.map((row) => {
    const figures = figuresOf(row, boundsMs);
    return [...labelsOf(row, view, severalDatacenters), ...shown.map((name) => figures[name]!)];
  });
  const right = new Set(shown.map(at));
  const shrink = names.map((_, column): Shrinkable => ({ column, keep: 'start' })).reverse();
  const drop = SPARED.map(at).filter((column) => column >= 0);
  const paint = (text: string, row: number, column: number): string => {
    if (row === 0) return style.dim(text);
    if (text.trim() === NONE) return style.dim(text);
    if (column === at('DENIED')) return style.warning(text);
    if (column !== at('SUCCESS')) return text;
    const success = successOf(rows[row - 1]!.counted) ?? 1;
    return success >= 1 ? style.good(text) : success >= GOOD ? style.warning(text) : style.error(text);
  };
  const limit = width === undefined ? undefined : { width, shrink, drop };
  const plain = renderTable(header, cells, limit, { right }).split('\n');
  // A colour that is cut would colour what follows.
  if (width !== undefined && plain.some((line) => line.length > width)) return plain.map((line) => line.slice(0, width)).join('\n');
  return renderTable(header, cells, limit, { right, paint });
}

/** A whole screen: as many lines as there is room for, none wider than it. */
export function topFrame(state: TopState, size: Size, style: Style): string[] {
  const { rows, view, sort, paused, problem, intervalMs } = state;
  const cutTo = (text: string): string => (text.length <= size.columns ? text : `${text.slice(0, Math.max(size.columns - 1, 0))}…`);
  const about = state.service === undefined ? '' : ` of ${printable(state.service)}`;
  const title = cutTo(`mesh top${about}, by ${view}, every ${formatDuration(intervalMs * 1e6)}`);
  const time = clockTime(state.at).slice(0, 8);
  const spare = size.columns - title.length - time.length;
  const first = spare > 0 ? `${style.bold(title)}${' '.repeat(spare)}${style.dim(time)}` : style.bold(title);
  const keys = style.dim(cutTo(`q quit   b by ${view}   s sort by ${sort}   space ${paused ? 'go on' : 'pause'}`));
  const note = problem === undefined ? cutTo(summaryOf(rows)) : style.error(cutTo(problem.replaceAll('\n', ' ')));
  const room = Math.max(size.rows - 4, 0);
  const body = bodyOf(state, size, room, style);
  return [first, note, '', ...body, ...Array.from({ length: room - body.length }, () => ''), keys].slice(0, size.rows);
}

function bodyOf(state: TopState, { columns }: Size, room: number, style: Style): string[] {
  const { rows } = state;
  if (rows === undefined) return ['Measuring …'].slice(0, room);
  if (rows.length === 0)
    return ['No sidecar has counted anything yet:', 'calls through upstreams and gateways are what is seen here.'].slice(0, room);
  const isCut = rows.length + 1 > room;
  const lines = topTable(isCut ? rows.slice(0, Math.max(room - 2, 0)) : rows, state, style, columns).split('\n');
  return [...lines, ...(isCut ? [style.dim(`… and ${rows.length - Math.max(room - 2, 0)} more`)] : [])].slice(0, room);
}

/** Of all rows together. */
export function summaryOf(rows: readonly Row[] | undefined): string {
  if (rows === undefined) return '';
  const all = together(rows.map(({ counted }) => counted));
  const { begun, active } = all.connections;
  const rate = (count: number): string => rateText(perSecond(count, all)).replace(NONE, '0');
  const parts = all.requests > 0 || begun === 0 ? [`${rate(all.requests)} requests a second`] : [];
  if (begun > 0) parts.push(`${rate(begun)} connections a second`);
  const success = successOf(all);
  if (success !== undefined) parts.push(`${shareText(success)} succeed`);
  if (all.denied > 0) parts.push(`${all.denied} denied`);
  if (active > 0) parts.push(`${active} open`);
  return parts.join(', ');
}

function labelsOf({ named }: Row, view: View, severalDatacenters: boolean): string[] {
  const label = (name = '', datacenter = ''): string => printable(severalDatacenters ? `${name} (${datacenter})` : name);
  const source = label(named.source, named.sourceDatacenter);
  const destination = label(named.destination, named.destinationDatacenter);
  switch (view) {
    case 'service':
      return [destination];
    case 'source':
      return [source];
    case 'edge':
      return [source, destination];
    case 'route': {
      const subset = named.subset ? ` ${printable(named.subset)}` : '';
      return [source, printable(named.upstream ?? ''), printable(named.route ?? ''), `${destination}${subset}`];
    }
  }
}

function figuresOf({ counted }: Row, boundsMs: readonly number[]): Readonly<Record<string, string>> {
  const quantile = (share: number): string => timeText(quantileMs(share, counted.latency, boundsMs));
  const { connections } = counted;
  return {
    RPS: rateText(perSecond(counted.requests, counted)),
    'CONN/S': rateText(perSecond(connections.begun, counted)),
    SUCCESS: shareText(successOf(counted)),
    P50: quantile(0.5),
    P95: quantile(0.95),
    P99: quantile(0.99),
    DENIED: countText(counted.denied),
    RETRIES: countText(counted.retries),
    OPEN: countText(connections.active),
    'BYTES/S': bytesText(perSecond(counted.bytesUp + counted.bytesDown, counted)),
  };
}

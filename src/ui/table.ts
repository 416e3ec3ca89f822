/** A column that may be cut when the table is wider than the terminal, and which end of its cells says more. */
export interface Shrinkable {
  readonly column: number;
  readonly keep: 'start' | 'end';
}

export interface TableLimit {
  /** In characters. */
  readonly width: number;
  /** The first one gives way first. */
  readonly shrink: readonly Shrinkable[];
  /** Columns that are left out when that is not enough, the first one first. */
  readonly drop?: readonly number[];
}

export interface TableLook {
  /** Columns whose cells stand at the right, as numbers do. */
  readonly right?: ReadonlySet<number>;
  /** Colours a cell that is cut and padded already; the header is row 0. */
  readonly paint?: (text: string, row: number, column: number) => string;
}

/** A cell that was cut still says something. */
const MIN_WIDTH = 8;
const GAP = 2;

/** Columns padded to their widest cell, two spaces apart; no trailing blanks. */
export function renderTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  limit?: TableLimit,
  { right, paint = (text) => text }: TableLook = {},
): string {
  const all = [header, ...rows];
  const natural = header.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  let columns = header.map((_, column) => column);
  let widths = fitted(columns, { natural, header, limit });
  for (const dropped of limit?.drop ?? []) {
    if (total(columns, widths) <= limit!.width) break;
    columns = columns.filter((column) => column !== dropped);
    widths = fitted(columns, { natural, header, limit });
  }
  const keep = new Map(limit?.shrink.map((shrinkable) => [shrinkable.column, shrinkable.keep]));
  const padded = (text: string, column: number): string => {
    if (right?.has(column)) return text.padStart(widths[column]!);
    return column === columns.at(-1) ? text : text.padEnd(widths[column]!);
  };
  return all
    .map((row, i) =>
      columns
        .map((column) => paint(padded(cut(row[column] ?? '', widths[column]!, keep.get(column)), column), i, column))
        .join(' '.repeat(GAP))
        .trimEnd(),
    )
    .join('\n');
}

interface Layout {
  readonly natural: readonly number[];
  readonly header: readonly string[];
  readonly limit: TableLimit | undefined;
}

/** Widths by column, some of them cut as far as it takes. */
function fitted(columns: readonly number[], { natural, header, limit }: Layout): number[] {
  const widths = [...natural];
  for (const { column } of limit?.shrink ?? []) {
    const excess = total(columns, widths) - limit!.width;
    const least = Math.min(natural[column]!, Math.max(MIN_WIDTH, header[column]!.length));
    widths[column] = Math.max(widths[column]! - Math.max(excess, 0), least);
  }
  return widths;
}

const total = (columns: readonly number[], widths: readonly number[]): number =>
  columns.reduce((sum, column) => sum + widths[column]!, GAP * (columns.length - 1));

function cut(text: string, width: number, keep: Shrinkable['keep'] | undefined): string {
  if (keep === undefined || text.length <= width) return text;
  return keep === 'start' ? `${text.slice(0, width - 1)}…` : `…${text.slice(1 - width)}`;
}

/** `5s`, `3m`, `2h`, `4d`: how long ago, in the largest unit. */
export function age(since: string, now: number): string {
  const seconds = Math.max(0, Math.floor((now - Date.parse(since)) / 1000));
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}h`;
  return `${Math.floor(seconds / 86_400)}d`;
}

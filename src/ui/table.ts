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
}

/** A cell that was cut still says something. */
const MIN_WIDTH = 8;
const GAP = 2;

/** Columns padded to their widest cell, two spaces apart; no trailing blanks. */
export function renderTable(header: readonly string[], rows: readonly (readonly string[])[], limit?: TableLimit): string {
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  const cuts = new Map<number, Shrinkable['keep']>();
  for (const { column, keep } of limit?.shrink ?? []) {
    const excess = widths.reduce((sum, width) => sum + width, GAP * (widths.length - 1)) - limit!.width;
    const width = Math.max(widths[column]! - Math.max(excess, 0), Math.min(widths[column]!, Math.max(MIN_WIDTH, header[column]!.length)));
    if (width < widths[column]!) cuts.set(column, keep);
    widths[column] = width;
  }
  return all
    .map((row) =>
      row
        .map((cell, i) => cut(cell, widths[i]!, cuts.get(i)).padEnd(widths[i]!))
        .join(' '.repeat(GAP))
        .trimEnd(),
    )
    .join('\n');
}

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

/** Consul's tables: left-aligned, two spaces between columns, nothing behind the last one. */
export function columns(rows: readonly (readonly string[])[]): string {
  const width = (column: number): number => Math.max(...rows.map((row) => Array.from(row[column] ?? '').length));
  const widths = (rows[0] ?? []).map((_, column) => width(column));
  return rows.map((row) => row.map((cell, i) => (i === row.length - 1 ? cell : pad(cell, widths[i]!))).join('  ')).join('\n');
}

/** Go's tabwriter, with cells of equal number in all rows: columns as wide as their widest cell and `gap` blanks behind all but the last. */
export function tabbed(rows: readonly (readonly string[])[], gap: number): string {
  const width = (column: number): number => Math.max(...rows.map((row) => Array.from(row[column] ?? '').length)) + gap;
  const widths = (rows[0] ?? []).map((_, column) => width(column));
  return rows.map((row) => row.map((cell, i) => (i === row.length - 1 ? cell : pad(cell, widths[i]!))).join('')).join('\n');
}

const pad = (cell: string, width: number): string => cell + ' '.repeat(width - Array.from(cell).length);

/** A text that was read from somewhere, and places in it. Offsets are UTF-16 code units; line and column are computed only when shown. */
export interface Source {
  /** Name shown to the user: a path as typed, or `<stdin>`. */
  readonly name: string;
  readonly text: string;
}

/** Half-open span `[start, end)` of a source. */
export interface Range {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

/** 1-based line and column; the column counts Unicode code points, as editors and HCL do. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export function positionOf(source: Source, offset: number): Position {
  const text = source.text;
  const at = Math.min(offset, text.length);
  let line = 1;
  let lineStart = 0;
  for (let i = text.indexOf('\n'); i !== -1 && i < at; i = text.indexOf('\n', i + 1)) {
    line++;
    lineStart = i + 1;
  }
  return { line, column: Array.from(text.slice(lineStart, at)).length + 1 };
}

/** The whole line (without its line break) that holds `offset`. */
export function lineAt(source: Source, offset: number): string {
  const text = source.text;
  const at = Math.min(offset, text.length);
  const start = text.lastIndexOf('\n', at - 1) + 1;
  const end = text.indexOf('\n', at);
  return text.slice(start, end === -1 ? text.length : end).replace(/\r$/, '');
}

export function rangeOf(source: Source, start: number, end: number): Range {
  return { source, start, end };
}

/** `file:line:column` of the start of a range. */
export function describeRange(range: Range): string {
  const { line, column } = positionOf(range.source, range.start);
  return `${range.source.name}:${line}:${column}`;
}

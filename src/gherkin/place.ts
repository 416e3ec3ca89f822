import type { Range, Source } from '../base/source.ts';

/** From a place of the parser's (lines and columns count from 1, columns in code points) to the end of what stands on its line. */
export function rangeAt(source: Source, at: { readonly line: number; readonly column?: number | undefined }): Range {
  const lines = source.text.split('\n');
  // The parser finds the end of the file on the line behind the last one.
  const line = Math.min(at.line, lines.length);
  const text = lines[line - 1] ?? '';
  const lineStart = lines.slice(0, line - 1).reduce((sum, { length }) => sum + length + 1, 0);
  const indent = text.length - text.trimStart().length;
  const column =
    at.column === undefined || at.column < 1
      ? indent
      : Array.from(text)
          .slice(0, at.column - 1)
          .join('').length;
  const start = lineStart + Math.min(column, text.length);
  return { source, start, end: Math.max(start, lineStart + text.trimEnd().length) };
}

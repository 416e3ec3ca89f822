import { positionOf, type Range, rangeOf } from '../../base/source.ts';

/**
 * Where something of a template stands in the blueprint. A heredoc has lost its indentation, and interpolations may have
 * changed its lines: a line is recognised by its text. Otherwise the place in the template itself is all that can be shown.
 */
export function placeInBlueprint(range: Range, attribute: Range | undefined): Range {
  if (!attribute) return range;
  const { text } = range.source;
  const lineStart = text.lastIndexOf('\n', range.start - 1) + 1;
  const lineEnd = endOfLine(text, range.start);
  const line = text.slice(lineStart, lineEnd);
  const file = attribute.source;
  // The first line of a heredoc is its marker; a quoted string begins behind its quote.
  const heredoc = file.text.startsWith('<<', attribute.start);
  const number = positionOf(range.source, range.start).line - 1 + (heredoc ? 1 : 0);
  const start = startOfLine(file.text, attribute.start, number);
  if (start === undefined || start >= attribute.end) return range;
  const written = file.text.slice(start, endOfLine(file.text, start));
  const at = heredoc ? written.length - line.length : written.indexOf(line);
  if (at < 0 || line === '' || written.slice(at, at + line.length) !== line) return range;
  const from = start + at + (range.start - lineStart);
  return rangeOf(file, from, from + Math.min(range.end, lineEnd) - range.start);
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

/** The line of `from`, or one of those after it. */
function startOfLine(text: string, from: number, after: number): number | undefined {
  let start = text.lastIndexOf('\n', from - 1) + 1;
  for (let i = 0; i < after; i++) {
    const next = text.indexOf('\n', start);
    if (next === -1) return undefined;
    start = next + 1;
  }
  return start;
}

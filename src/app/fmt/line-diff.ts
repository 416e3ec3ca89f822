/** Lines around a change. */
const CONTEXT = 3;

/**
 * A unified diff of a text and its formatted form, which has the same lines in the same order, but for blank ones at the end.
 * Empty if they are equal.
 */
export function lineDiff(name: string, before: string, after: string): string {
  const [a, b] = [linesOf(before), linesOf(after)];
  const changed = a.flatMap((line, i) => (line === b[i] ? [] : [i]));
  if (changed.length === 0) return '';
  const hunks: { from: number; to: number }[] = [];
  for (const i of changed) {
    const last = hunks.at(-1);
    if (last && i - CONTEXT <= last.to) last.to = i + CONTEXT + 1;
    else hunks.push({ from: Math.max(0, i - CONTEXT), to: i + CONTEXT + 1 });
  }
  return [`--- ${name}`, `+++ ${name}`, ...hunks.flatMap(({ from, to }) => hunk(a.slice(from, to), b.slice(from, to), from))].join('\n');
}

function hunk(a: readonly string[], b: readonly string[], from: number): string[] {
  const lines = [`@@ -${from + 1},${a.length} +${from + 1},${b.length} @@`];
  for (let i = 0; i < a.length; ) {
    if (a[i] === b[i]) {
      lines.push(` ${a[i++]}`);
      continue;
    }
    let end = i;
    while (end < a.length && a[end] !== b[end]) end++;
    lines.push(...a.slice(i, end).map((line) => `-${line}`), ...b.slice(i, end).map((line) => `+${line}`));
    i = end;
  }
  return lines;
}

function linesOf(text: string): string[] {
  const lines = text.split('\n');
  // What stands behind the last line break is no line; a line without one is told as git does.
  const last = lines.pop()!;
  return last === '' ? lines : [...lines, `${last}\n\\ No newline at end of file`];
}

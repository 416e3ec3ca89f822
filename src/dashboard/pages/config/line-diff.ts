export interface DiffLine {
  readonly sign: ' ' | '+' | '-';
  readonly text: string;
}

/**
 * What takes the lines of one text to those of another, with as few changes as there can be. A longer name moves the `=` of its
 * neighbours: lines that differ in that alone are the same.
 */
export function lineDiff(before: string, after: string): DiffLine[] {
  const [a, b] = [linesOf(before), linesOf(after)];
  // Of the rest of both from here: how many lines they have in common.
  const common = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      common[i]![j] = isSame(a[i]!, b[j]!) ? common[i + 1]![j + 1]! + 1 : Math.max(common[i + 1]![j]!, common[i]![j + 1]!);
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && isSame(a[i]!, b[j]!)) {
      lines.push({ sign: ' ', text: b[j++]! });
      i++;
    } else if (j === b.length || (i < a.length && common[i + 1]![j]! >= common[i]![j + 1]!)) lines.push({ sign: '-', text: a[i++]! });
    else lines.push({ sign: '+', text: b[j++]! });
  }
  return lines;
}

const isSame = (a: string, b: string): boolean => a === b || unaligned(a) === unaligned(b);
const unaligned = (line: string): string => line.replace(/^(\s*\S+) +=/, '$1 =');

function linesOf(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

import type { FormatLine } from './lines.ts';
import { columnsOf } from './token.ts';

/** Puts the `=` of lines that follow each other below each other, then the comments behind them. Needs all other blanks. */
export function align(lines: readonly FormatLine[]): void {
  for (const chain of chainsOf(lines, ({ assign }) => assign.length > 0)) {
    const widths = chain.map(({ lead }) => columnsOf(lead));
    const widest = Math.max(...widths);
    for (const [i, { assign }] of chain.entries()) assign[0]!.spaces = widest - widths[i]! + 1;
  }
  for (const chain of chainsOf(lines, ({ comment }) => comment !== undefined)) {
    const widths = chain.map(({ lead, assign }) => columnsOf(lead) + columnsOf(assign));
    const widest = Math.max(...widths);
    for (const [i, { comment }] of chain.entries()) comment!.spaces = widest - widths[i]! + 1;
  }
}

function chainsOf(lines: readonly FormatLine[], belongs: (line: FormatLine) => boolean): FormatLine[][] {
  const chains: FormatLine[][] = [];
  let open = false;
  for (const line of lines) {
    if (!belongs(line)) open = false;
    else if (open) chains.at(-1)!.push(line);
    else {
      chains.push([line]);
      open = true;
    }
  }
  return chains;
}

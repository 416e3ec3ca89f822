import type { FormatLine } from './lines.ts';
import { netBrackets } from './token.ts';

/** Two blanks for each line that left brackets open: however many they are, what closes them steps back once. */
export function setIndents(lines: readonly FormatLine[]): void {
  /** How many brackets each level has open. */
  const levels: number[] = [];
  for (const { lead, assign, comment } of lines) {
    const first = lead[0] ?? comment;
    if (!first) continue;
    const net = netBrackets(lead) + netBrackets(assign);
    if (net < 0) close(levels, -net);
    first.spaces = 2 * levels.length;
    if (net > 0) levels.push(net);
  }
}

function close(levels: number[], count: number): void {
  let left = count;
  for (let open = levels.pop(); open !== undefined; open = left > 0 ? levels.pop() : undefined) {
    if (open > left) levels.push(open - left);
    left = Math.max(0, left - open);
  }
}

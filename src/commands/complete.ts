import { answerLine, answerShell } from '../app/complete/answer.ts';
import type { Io } from '../app/io.ts';
import { COMMANDS } from './table.ts';

/**
 * Answers a shell that completes a line of `mesh` or `consul`: to `complete -C`, or to a function of `mesh completion`. What goes
 * wrong is nothing to offer: a message would stand in the middle of what somebody types.
 */
export async function completeLine(argv: readonly string[], io: Io): Promise<number> {
  const [first, ...rest] = argv;
  return (first === '__complete' ? answerShell(rest, io, COMMANDS) : answerLine(argv, io, COMMANDS)).catch(() => 0);
}

import type { Result } from '../result.ts';
import { compileSteps, holds, NONE, type Step } from './program.ts';
import { type Node, parseRe2, Re2SyntaxError } from './syntax.ts';

/** An expression of RE2 that tells where it matches. */
export interface Finder {
  /** Of its groups in their order; undefined where a group has none. */
  readonly names: readonly (string | undefined)[];
  /**
   * The leftmost match at or after `from`, of several the one that Perl would find: start and end of the whole and then of
   * each group, -1 for a group that took no part.
   */
  find(text: string, from?: number): readonly number[] | undefined;
}

export function compileFinder(text: string): Result<Finder, string> {
  try {
    const node = parseRe2(text, false);
    const names: (string | undefined)[] = [];
    collectNames(node, names);
    const { steps, start } = compileSteps(node, true);
    return { ok: true, value: { names, find: (subject, from = 0) => find({ steps, start }, names.length, subject, from) } };
  } catch (error) {
    if (error instanceof Re2SyntaxError) return { ok: false, error: `error parsing regexp: ${error.message}` };
    throw error;
  }
}

function collectNames(node: Node, names: (string | undefined)[]): void {
  if (node.type === 'group') names[node.index - 1] = node.name;
  if (node.type === 'group' || node.type === 'repeat') collectNames(node.part, names);
  else if (node.type === 'sequence' || node.type === 'choice') for (const part of node.parts) collectNames(part, names);
}

/** One way through the expression, and what it has kept. */
interface Thread {
  readonly at: number;
  readonly saved: readonly number[];
}

interface Steps {
  readonly steps: readonly Step[];
  readonly start: number;
}

/** Pike's machine: all ways at once, the preferred one first; once one matches, those behind it are given up. */
function find({ steps, start }: Steps, groups: number, text: string, from: number): readonly number[] | undefined {
  const nothing = Array.from({ length: 2 * (groups + 1) }, () => -1);
  let found: readonly number[] | undefined;
  let waiting: Thread[] = [];
  let previous = from === 0 ? NONE : text.codePointAt(from - 1)!;
  for (let at = from; ; ) {
    const char = at < text.length ? text.codePointAt(at)! : NONE;
    const entered = new Set<number>();
    const threads: Thread[] = [];
    const enter = (index: number, saved: readonly number[]): void => {
      if (entered.has(index)) return;
      entered.add(index);
      const step = steps[index]!;
      if (step.op === 'fork') {
        enter(step.a, saved);
        enter(step.b, saved);
      } else if (step.op === 'save') enter(step.next, saved.with(step.slot, at));
      else if (step.op !== 'assert') threads.push({ at: index, saved });
      else if (holds(step.at, previous, char)) enter(step.next, saved);
    };
    for (const thread of waiting) enter(thread.at, thread.saved);
    if (!found) enter(start, nothing.with(0, at));
    waiting = [];
    for (const { at: index, saved } of threads) {
      const step = steps[index]!;
      if (step.op === 'match') {
        found = saved.with(1, at);
        break;
      }
      if (step.op === 'char' && char !== NONE && step.set(char)) waiting.push({ at: step.next, saved });
    }
    if (char === NONE || (found && waiting.length === 0)) return found;
    previous = char;
    at += char > 0xffff ? 2 : 1;
  }
}

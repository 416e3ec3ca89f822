import { type CharSet, PERL } from './char-set.ts';
import { type Assertion, type Node, Re2SyntaxError } from './syntax.ts';

/** A text of n characters takes at most n times as many steps. RE2 has a limit of its own, by memory. */
const MAX_STEPS = 3_000;
const MATCH = 0;
const NEWLINE = 10;
/** Before the first and after the last character. */
export const NONE = -1;

export type Step =
  | { readonly op: 'match' }
  | { readonly op: 'char'; readonly set: CharSet; readonly next: number }
  | { readonly op: 'assert'; readonly at: Assertion; readonly next: number }
  /** `a` is tried first, where it matters which way matched. */
  | { readonly op: 'fork'; a: number; b: number }
  /** Keeps the place in the text, if places are asked for. */
  | { readonly op: 'save'; readonly slot: number; readonly next: number };

/** Follows all ways through the expression at once (Thompson), so none is ever tried a second time. */
export function compileProgram(node: Node, whole: boolean): { test(text: string): boolean } {
  const { steps, start } = compileSteps(node, false);
  return new Program(steps, start, whole);
}

/** The steps of an expression, of which the first one is the match; `saving` also those that keep where groups begin and end. */
export function compileSteps(node: Node, saving: boolean): { readonly steps: readonly Step[]; readonly start: number } {
  const builder = new Builder(saving);
  const start = builder.add(node, MATCH);
  return { steps: builder.list, start };
}

class Builder {
  readonly list: Step[] = [{ op: 'match' }];
  readonly #saving: boolean;

  constructor(saving: boolean) {
    this.#saving = saving;
  }

  /** The step at which `node` begins, when it goes on at `next`. */
  add(node: Node, next: number): number {
    switch (node.type) {
      case 'char':
        return this.#push({ op: 'char', set: node.set, next });
      case 'assert':
        return this.#push({ op: 'assert', at: node.at, next });
      case 'sequence':
        return node.parts.reduceRight((after, part) => this.add(part, after), next);
      case 'choice':
        return node.parts.map((part) => this.add(part, next)).reduceRight((b, a) => this.#push({ op: 'fork', a, b }));
      case 'repeat':
        return this.#repeat(node, next);
      case 'group': {
        if (!this.#saving) return this.add(node.part, next);
        const inside = this.add(node.part, this.#push({ op: 'save', slot: 2 * node.index + 1, next }));
        return this.#push({ op: 'save', slot: 2 * node.index, next: inside });
      }
    }
  }

  #repeat({ part, min, max, lazy }: Node & { type: 'repeat' }, next: number): number {
    let at = next;
    if (max === Number.POSITIVE_INFINITY) {
      const loop: Step = { op: 'fork', a: next, b: next };
      at = this.#push(loop);
      const again = this.add(part, at);
      if (lazy) loop.b = again;
      else loop.a = again;
    } else {
      for (let i = min; i < max; i++) {
        const again = this.add(part, at);
        at = this.#push(lazy ? { op: 'fork', a: next, b: again } : { op: 'fork', a: again, b: next });
      }
    }
    for (let i = 0; i < min; i++) at = this.add(part, at);
    return at;
  }

  #push(step: Step): number {
    if (this.list.length >= MAX_STEPS) throw new Re2SyntaxError('expression too large');
    return this.list.push(step) - 1;
  }
}

class Program {
  readonly #steps: readonly Step[];
  readonly #start: number;
  readonly #whole: boolean;
  /** At which round a step was entered last; rounds are never counted from the start again. */
  readonly #entered: Float64Array;
  #round = 0;

  constructor(steps: readonly Step[], start: number, whole: boolean) {
    this.#steps = steps;
    this.#start = start;
    this.#whole = whole;
    this.#entered = new Float64Array(steps.length);
  }

  test(text: string): boolean {
    let waiting: number[] = [];
    let previous = NONE;
    for (let at = 0; ; ) {
      const char = at < text.length ? text.codePointAt(at)! : NONE;
      const states: number[] = [];
      this.#round++;
      for (const step of waiting) this.#enter(step, previous, char, states);
      if (at === 0 || !this.#whole) this.#enter(this.#start, previous, char, states);
      if (this.#entered[MATCH] === this.#round && (!this.#whole || char === NONE)) return true;
      if (char === NONE || (this.#whole && states.length === 0)) return false;
      waiting = this.#after(states, char);
      previous = char;
      at += char > 0xffff ? 2 : 1;
    }
  }

  /** Collects the characters that can be read next, through everything that reads none. */
  #enter(at: number, previous: number, following: number, states: number[]): void {
    if (this.#entered[at] === this.#round) return;
    this.#entered[at] = this.#round;
    const step = this.#steps[at]!;
    if (step.op === 'char') states.push(at);
    else if (step.op === 'fork') {
      this.#enter(step.a, previous, following, states);
      this.#enter(step.b, previous, following, states);
    } else if (step.op === 'save') this.#enter(step.next, previous, following, states);
    else if (step.op === 'assert' && holds(step.at, previous, following)) this.#enter(step.next, previous, following, states);
  }

  #after(states: readonly number[], char: number): number[] {
    const next: number[] = [];
    for (const at of states) {
      const step = this.#steps[at]!;
      if (step.op === 'char' && step.set(char)) next.push(step.next);
    }
    return next;
  }
}

export function holds(assertion: Assertion, previous: number, following: number): boolean {
  switch (assertion) {
    case 'text-start':
      return previous === NONE;
    case 'text-end':
      return following === NONE;
    case 'line-start':
      return previous === NONE || previous === NEWLINE;
    case 'line-end':
      return following === NONE || following === NEWLINE;
    case 'word-edge':
      return isWord(previous) !== isWord(following);
    case 'no-word-edge':
      return isWord(previous) === isWord(following);
  }
}

function isWord(char: number): boolean {
  return PERL['w']!(char);
}

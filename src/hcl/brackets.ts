import type { Span } from './report.ts';

/**
 * Finds the bracket that the author most likely forgot to close. When a file ends too early, the innermost open bracket is
 * often innocent: its closer was taken from an outer one. A closer that stands at the start of a line, left of the line
 * that opened it, gives the theft away.
 */
export class Brackets {
  readonly #text: string;
  readonly #open: Span[] = [];
  #suspect: Span | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  get depth(): number {
    return this.#open.length;
  }

  open(span: Span): void {
    this.#open.push(span);
  }

  /** Call with the offset of the closing bracket, or with undefined when it is missing. */
  close(offset?: number): void {
    const opener = this.#open.pop();
    if (!opener || offset === undefined || this.#suspect) return;
    const closer = indentation(this.#text, offset);
    if (closer.at === offset && closer.width < indentation(this.#text, opener.start).width) this.#suspect = opener;
  }

  /** Where the closing brace would go, as far as the indentation tells: ` before line 7`, or nothing. */
  placeFor(opener: Span): string {
    const { width } = indentation(this.#text, opener.start);
    const lines = this.#text.slice(0, opener.start).split('\n').length;
    const below = this.#text.slice(opener.start).split('\n').slice(1);
    const next = below.findIndex((line) => /^[ \t]*[A-Za-z_][\w-]*(?:[ \t]+"[^"]*")*[ \t]*(?:\{|=)/.test(line) && indentOf(line) <= width);
    return next === -1 ? '' : ` before line ${lines + 1 + next}`;
  }

  /** The bracket to blame at the end of the file. */
  get unclosed(): Span | undefined {
    return this.#suspect ?? this.#open.at(-1);
  }
}

const indentOf = (line: string): number => line.length - line.trimStart().length;

/** Where the first character of the line of `offset` is that is not blank, and how far from the line's start. */
function indentation(text: string, offset: number): { at: number; width: number } {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  let at = start;
  while (at < offset && (text[at] === ' ' || text[at] === '\t')) at++;
  return { at, width: at - start };
}

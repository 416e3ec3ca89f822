import { type Diagnostic, errorAt, warningAt } from '../base/diagnostic.ts';
import { rangeOf, type Source } from '../base/source.ts';

/** How deep brackets may nest, in both dialects: far above what people write, far below the stack of any Node. */
export const MAX_NESTING = 200;

/** Past this many problems the rest is noise; reading goes on without recording. */
export const MAX_DIAGNOSTICS = 50;

/** Half-open span of offsets in the source being read. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Explanation {
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
  readonly related?: { readonly span: Span; readonly message: string } | undefined;
}

/** Collects the problems of one source. Lexer and parser share one, so that what both notice is said once. */
export class Reporter {
  readonly source: Source;
  readonly #diagnostics: Diagnostic[] = [];
  /** A string without end took closing brackets with it: that they are missing is no news. */
  #closersLost = false;
  #structureLost = false;

  constructor(source: Source) {
    this.source = source;
  }

  error(span: Span, summary: string, why: Explanation = {}): void {
    this.#add(errorAt(rangeOf(this.source, span.start, span.end), summary, this.#more(why)));
  }

  warning(span: Span, summary: string, why: Explanation = {}): void {
    this.#add(warningAt(rangeOf(this.source, span.start, span.end), summary, this.#more(why)));
  }

  /** Tells of the text that something unclosed took away. */
  lose(text: string): void {
    this.#closersLost ||= /[}\]]/.test(text);
  }

  /**
   * Something that spans lines has no end: which block the rest of the file belongs to is a guess. What a reader of its
   * values would say is no news then.
   */
  loseStructure(): void {
    this.#structureLost = true;
  }

  get structureLost(): boolean {
    return this.#structureLost;
  }

  get closersLost(): boolean {
    return this.#closersLost;
  }

  /** In the order of the text, whichever phase found them. */
  get diagnostics(): Diagnostic[] {
    return this.#diagnostics.toSorted((a, b) => a.subject!.start - b.subject!.start);
  }

  get hasErrors(): boolean {
    return this.#diagnostics.some((d) => d.severity === 'error');
  }

  #add(diagnostic: Diagnostic): void {
    if (this.#diagnostics.length < MAX_DIAGNOSTICS) this.#diagnostics.push(diagnostic);
    else if (this.#diagnostics.length === MAX_DIAGNOSTICS)
      this.#diagnostics.push({ ...diagnostic, severity: 'error', summary: 'too many problems; the rest of the file is not reported' });
  }

  #more({ detail, hint, related }: Explanation): Partial<Diagnostic> {
    return {
      ...(detail === undefined ? {} : { detail }),
      ...(hint === undefined ? {} : { hint }),
      ...(related ? { related: { range: rangeOf(this.source, related.span.start, related.span.end), message: related.message } } : {}),
    };
  }
}

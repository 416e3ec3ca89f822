import { compileProgram } from './re2/program.ts';
import { parseRe2, Re2SyntaxError } from './re2/syntax.ts';
import type { Result } from './result.ts';

/** How an expression is applied. */
export interface Re2Options {
  /** It must match the whole text, as Envoy's matchers ask; otherwise anywhere in it, as Go's `MatchString`. */
  readonly whole?: boolean;
  readonly ignoreCase?: boolean;
}

export interface Re2 {
  /** Takes time in proportion to the text, whatever both are. */
  test(text: string): boolean;
}

/**
 * An expression of RE2 (Go, Envoy), with Go's messages for what is none. Not as one of JavaScript: that would backtrack, and
 * `(a+)+` against a path that a client has chosen for it would hold every sidecar of the process for hours.
 */
export function compileRe2(text: string, { whole = false, ignoreCase = false }: Re2Options = {}): Result<Re2, string> {
  try {
    return { ok: true, value: compileProgram(parseRe2(text, ignoreCase), whole) };
  } catch (error) {
    if (error instanceof Re2SyntaxError) return { ok: false, error: `error parsing regexp: ${error.message}` };
    throw error;
  }
}

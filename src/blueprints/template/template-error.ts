import type { Diagnostic } from '../../base/diagnostic.ts';
import type { Range } from '../../base/source.ts';

/** The first thing that is wrong in a template: reading and rendering stop there, as Go's do. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
  readonly range: Range;
  readonly more: Pick<Diagnostic, 'detail' | 'hint'>;

  constructor(range: Range, message: string, more: Pick<Diagnostic, 'detail' | 'hint'> = {}) {
    super(message);
    this.range = range;
    this.more = more;
  }
}

/** What is wrong with the arguments, in words. */
export class FunctionError extends Error {
  override readonly name = 'FunctionError';
}

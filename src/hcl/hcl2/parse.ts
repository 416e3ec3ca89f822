import type { Diagnostic } from '../../base/diagnostic.ts';
import type { Source } from '../../base/source.ts';
import { Reporter } from '../report.ts';
import type { Body } from './ast.ts';
import { Cursor } from './cursor.ts';
import { lexHcl2 } from './lexer.ts';
import { parseFile } from './parse-body.ts';

export interface Hcl2File {
  /** What could be read, even if there are errors. */
  readonly body: Body;
  readonly diagnostics: Diagnostic[];
  /** What belongs to which block is a guess, because of something that is never closed. */
  readonly structureLost: boolean;
}

/** Parses HCL 2, the language of blueprints. Never throws on input; what it can't read is reported and left out. */
export function parseHcl2(source: Source): Hcl2File {
  const reporter = new Reporter(source);
  const body = parseFile(new Cursor(lexHcl2(reporter), reporter));
  return { body, diagnostics: reporter.diagnostics, structureLost: reporter.structureLost };
}

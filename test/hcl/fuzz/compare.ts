import { isDeepStrictEqual } from 'node:util';
import { hasErrors } from '../../../src/base/diagnostic.ts';
import { decodeHcl1 } from '../../../src/hcl/hcl1/index.ts';
import type { Expression } from '../../../src/hcl/hcl2/index.ts';
import { parseHcl2 } from '../../../src/hcl/hcl2/parse.ts';
import { type Json, toJson } from '../../../src/schema/located.ts';
import { structureOf } from '../hcl2/structure.ts';
import { explain } from './disagreements.ts';
import { originalHcl1, originalHcl2, type Verdict } from './originals.ts';

export type Dialect = 'hcl1' | 'hcl2';

export interface Comparison {
  /** `agreed`, the name of the rule that explains why not, or undefined: nobody knows why. */
  readonly result: string | undefined;
  readonly ours: Verdict;
  readonly original: Verdict;
}

/** Reads a text with both readers of a dialect. Throws only if one of them crashes. */
export function compare(dialect: Dialect, text: string): Comparison {
  const ours = dialect === 'hcl1' ? ourHcl1(text) : ourHcl2(text);
  const original = dialect === 'hcl1' ? originalHcl1(text) : originalHcl2(text);
  const result = agree(ours, original) ? 'agreed' : explain(dialect, { text, ours, original });
  return { result, ours, original };
}

function agree(a: Verdict, b: Verdict): boolean {
  if (!a.accepts || !b.accepts) return a.accepts === b.accepts;
  // Through JSON: what comes from a schema-less reader has prototypes of its own.
  return isDeepStrictEqual(JSON.parse(JSON.stringify(a.value)), b.value);
}

function ourHcl1(text: string): Verdict {
  const { value, diagnostics } = decodeHcl1({ name: 'mutant', text });
  return hasErrors(diagnostics)
    ? { accepts: false, error: diagnostics.map((d) => d.summary).join('; ') }
    : { accepts: true, value: toJson(value) };
}

function ourHcl2(text: string): Verdict {
  const { body, diagnostics } = parseHcl2({ name: 'mutant', text });
  return hasErrors(diagnostics)
    ? { accepts: false, error: diagnostics.map((d) => d.summary).join('; ') }
    : { accepts: true, value: structureOf(body, signed) };
}

/** The converter behind the original computes `-1` and `!true`, but nothing else. */
function signed(expression: Expression): Json | undefined {
  if (expression.kind !== 'unary' || expression.operand.kind !== 'literal') return undefined;
  const value = toJson(expression.operand.value);
  return expression.operator === '!' ? !value : -Number(value);
}

import { hasErrors } from '../../../src/base/diagnostic.ts';
import { type Evaluated, evaluate } from '../../../src/hcl/hcl2/evaluate.ts';
import { type Expression, PURE_FUNCTIONS, parseHcl2 } from '../../../src/hcl/hcl2/index.ts';
import type { Scope } from '../../../src/hcl/hcl2/scope.ts';
import { type Json, type Located, toJson } from '../../../src/schema/located.ts';

/** The expression of a text; throws with what is wrong with it. */
export function expressionOf(text: string): Expression {
  const { body, diagnostics } = parseHcl2({ name: 'test.hcl', text: `v = ${text}\n` });
  if (hasErrors(diagnostics)) throw new Error(`${text}: ${diagnostics.map((d) => d.summary).join('; ')}`);
  return body.attributes[0]!.value;
}

const PURE: Scope = { variables: new Map(), functions: PURE_FUNCTIONS };

export const evaluated = (text: string, scope: Scope = PURE): Evaluated => evaluate(expressionOf(text), scope);

/** The value of an expression, or its first error as `error: …`. */
export function outcome(text: string, scope: Scope = PURE): Json {
  const { body, diagnostics } = parseHcl2({ name: 'test.hcl', text: `v = ${text}\n` });
  const wrong = diagnostics[0];
  if (wrong) return `error: ${wrong.summary}`;
  const result = evaluate(body.attributes[0]!.value, scope);
  const failed = result.diagnostics[0];
  return failed ? `error: ${failed.summary}` : plain(result.value);
}

/** Numbers that a double can't hold are given as text, and what is not known yet as `<unknown>`. */
function plain(value: Located): Json {
  if (value.type === 'unknown') return '<unknown>';
  if (value.type === 'list') return value.items.map(plain);
  if (value.type === 'map') return Object.fromEntries(value.entries.map((entry) => [entry.key, plain(entry.value)]));
  if (value.type === 'number' && value.raw !== undefined && (typeof value.value === 'bigint' || String(value.value) !== value.raw))
    return value.raw;
  return toJson(value);
}

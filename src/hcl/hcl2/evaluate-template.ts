import type { Diagnostic } from '../../base/diagnostic.ts';
import type { Range } from '../../base/source.ts';
import { describeType, type Located } from '../../schema/located.ts';
import type { Expression, TemplateExpression, TemplatePart } from './ast.ts';
import { at, textValue, toText } from './convert.ts';

/** What a template needs of the evaluator around it. */
interface Context {
  value(expression: Expression): Located | undefined;
  condition(expression: Expression): boolean | 'unknown' | undefined;
  collection(expression: Expression): readonly (readonly [Located, Located])[] | 'unknown' | undefined;
  with(names: readonly (readonly [string | undefined, Located])[]): Context;
  fail(range: Range, summary: string, more?: Partial<Diagnostic>): undefined;
}

/** A string; but `"${x}"` alone is x itself, whatever its type. */
export function evaluateTemplate(template: TemplateExpression, context: Context): Located | undefined {
  const [only, ...others] = template.parts;
  if (only?.kind === 'interpolation' && others.length === 0 && !template.heredoc) {
    const value = context.value(only.expression);
    return value && at(value, template.range);
  }
  const text = textOf(template.parts, context);
  if (text === UNKNOWN) return { type: 'unknown', range: template.range };
  return text === undefined ? undefined : textValue(text, template.range);
}

/** A text with a part that is not known yet. */
const UNKNOWN = Symbol('unknown');
type Text = string | typeof UNKNOWN | undefined;

/** Goes on after a part that fails, so that all problems of a template are told at once. */
function textOf(parts: readonly TemplatePart[], context: Context): Text {
  let text = '';
  let complete = true;
  let known = true;
  for (const part of parts) {
    const piece = part.kind === 'text' ? part.text : partText(part, context);
    if (piece === undefined) complete = false;
    else if (piece === UNKNOWN) known = false;
    else text += piece;
  }
  if (!complete) return undefined;
  return known ? text : UNKNOWN;
}

function partText(part: Exclude<TemplatePart, { kind: 'text' }>, context: Context): Text {
  if (part.kind === 'interpolation') {
    const value = context.value(part.expression);
    if (!value) return undefined;
    if (value.type === 'unknown') return UNKNOWN;
    return toText(value) ?? context.fail(part.range, `${describeType(value)} can't be put into a string`);
  }
  if (part.kind === 'if') {
    const condition = context.condition(part.condition);
    if (condition === 'unknown') return UNKNOWN;
    return condition === undefined ? undefined : textOf(condition ? part.whenTrue : part.whenFalse, context);
  }
  const collection = context.collection(part.collection);
  if (!collection) return undefined;
  if (collection === 'unknown') return UNKNOWN;
  let text = '';
  for (const [key, value] of collection) {
    const round = textOf(
      part.body,
      context.with([
        [part.keyName, key],
        [part.valueName, value],
      ]),
    );
    if (round === undefined || round === UNKNOWN) return round;
    text += round;
  }
  return text;
}

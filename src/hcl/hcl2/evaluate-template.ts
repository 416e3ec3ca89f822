import type { Diagnostic } from '../../base/diagnostic.ts';
import type { Range } from '../../base/source.ts';
import { describeType, type Located } from '../../schema/located.ts';
import type { Expression, TemplateExpression, TemplatePart } from './ast.ts';
import { at, textValue, toText } from './convert.ts';

/** What a template needs of the evaluator around it. */
interface Context {
  value(expression: Expression): Located | undefined;
  condition(expression: Expression): boolean | undefined;
  collection(expression: Expression): readonly (readonly [Located, Located])[] | undefined;
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
  return text === undefined ? undefined : textValue(text, template.range);
}

/** Goes on after a part that fails, so that all problems of a template are told at once. */
function textOf(parts: readonly TemplatePart[], context: Context): string | undefined {
  let text = '';
  let complete = true;
  for (const part of parts) {
    const piece = part.kind === 'text' ? part.text : partText(part, context);
    if (piece === undefined) complete = false;
    else text += piece;
  }
  return complete ? text : undefined;
}

function partText(part: Exclude<TemplatePart, { kind: 'text' }>, context: Context): string | undefined {
  if (part.kind === 'interpolation') {
    const value = context.value(part.expression);
    if (!value) return undefined;
    return toText(value) ?? context.fail(part.range, `${describeType(value)} can't be put into a string`);
  }
  if (part.kind === 'if') {
    const condition = context.condition(part.condition);
    return condition === undefined ? undefined : textOf(condition ? part.whenTrue : part.whenFalse, context);
  }
  const collection = context.collection(part.collection);
  if (!collection) return undefined;
  let text = '';
  for (const [key, value] of collection) {
    const round = textOf(
      part.body,
      context.with([
        [part.keyName, key],
        [part.valueName, value],
      ]),
    );
    if (round === undefined) return undefined;
    text += round;
  }
  return text;
}

import type { Block, Body, Expression } from '../../../src/hcl/hcl2/index.ts';
import { literalText } from '../../../src/hcl/hcl2/index.ts';
import { type Json, toJson } from '../../../src/schema/located.ts';

/**
 * What tools that turn HCL 2 into JSON without evaluating it give: blocks as lists under their labels, and the text of
 * everything that is no literal as `"${…}"`.
 */
export function structureOf(body: Body): Json {
  const result: { [key: string]: Json } = {};
  for (const { name, value } of body.attributes) result[name] = expressionJson(value);
  for (const block of body.blocks) addBlock(result, block);
  return result;
}

function addBlock(into: { [key: string]: Json }, block: Block): void {
  const path = [block.type, ...block.labels.map((label) => label.value)];
  let at = into;
  for (const segment of path.slice(0, -1)) {
    at[segment] ??= {};
    at = at[segment] as { [key: string]: Json };
  }
  const last = path.at(-1)!;
  at[last] ??= [];
  (at[last] as Json[]).push(structureOf(block.body));
}

function expressionJson(expression: Expression): Json {
  const source = expression.range.source.text.slice(expression.range.start, expression.range.end);
  if (expression.kind === 'literal') return toJson(expression.value);
  if (expression.kind === 'list') return expression.items.map(expressionJson);
  if (expression.kind === 'object') {
    return Object.fromEntries(
      expression.items.map(({ key, value }) => [literalText(key) ?? JSON.stringify(expressionJson(key)), expressionJson(value)]),
    );
  }
  if (expression.kind === 'template') {
    return expression.parts
      .map((part) => {
        if (part.kind === 'text') return part.text;
        const { start, end } = part.range;
        return part.kind === 'interpolation' ? `\${${part.range.source.text.slice(start, end)}}` : '%{…}';
      })
      .join('');
  }
  return `\${${source}}`;
}

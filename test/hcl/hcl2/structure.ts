import type { Block, Body, Expression } from '../../../src/hcl/hcl2/index.ts';
import { type Json, toJson } from '../../../src/schema/located.ts';

/** What a tool does compute. */
type Computed = (expression: Expression) => Json | undefined;

/**
 * What tools that turn HCL 2 into JSON without evaluating it give: blocks as lists under their labels, and the text of
 * everything that is no literal as `"${…}"`.
 */
export function structureOf(body: Body, computed: Computed = () => undefined): Json {
  const result: { [key: string]: Json } = {};
  const types = new Set(body.blocks.map(({ type }) => type));
  // The converter loses an attribute that shares the name of a block.
  for (const { name, value } of body.attributes) if (!types.has(name)) result[name] = expressionJson(value, computed);
  for (const block of body.blocks) addBlock(result, block, computed);
  return result;
}

function addBlock(into: { [key: string]: Json }, block: Block, computed: Computed): void {
  const path = [block.type, ...block.labels.map((label) => label.value)];
  let at = into;
  for (const segment of path.slice(0, -1)) {
    if (typeof at[segment] !== 'object' || Array.isArray(at[segment])) at[segment] = {};
    at = at[segment] as { [key: string]: Json };
  }
  const last = path.at(-1)!;
  // Blocks with and without labels have no common shape; the converter refuses or merges them.
  if (!Array.isArray(at[last])) at[last] = [];
  (at[last] as Json[]).push(structureOf(block.body, computed));
}

function expressionJson(expression: Expression, computed: Computed): Json {
  const source = expression.range.source.text.slice(expression.range.start, expression.range.end);
  if (expression.kind === 'literal') return toJson(expression.value);
  if (expression.kind === 'list') return expression.items.map((item) => expressionJson(item, computed));
  if (expression.kind === 'object') {
    return Object.fromEntries(expression.items.map(({ key, value }) => [keyText(key), expressionJson(value, computed)]));
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
  return computed(expression) ?? `\${${source}}`;
}

function keyText(key: Expression): string {
  if (key.kind === 'template' || key.kind === 'literal') {
    const json = expressionJson(key, () => undefined);
    return typeof json === 'string' ? json : JSON.stringify(json);
  }
  return `\${${key.range.source.text.slice(key.range.start, key.range.end)}}`;
}

import type { Body, Expression } from '../../hcl/hcl2/ast.ts';

/** Every expression of a body, those of nested blocks included. */
export function expressionsIn(body: Body): Expression[] {
  return [...body.attributes.map(({ value }) => value), ...body.blocks.flatMap((block) => expressionsIn(block.body))];
}

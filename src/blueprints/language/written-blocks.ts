import { type Diagnostic, errorAt } from '../../base/diagnostic.ts';
import type { Block, Body } from '../../hcl/hcl2/ast.ts';
import type { Dialect } from '../resource-type.ts';
import { resourceTypeOf } from '../resources/index.ts';

/** A block of a file with the way in which it is written; `resource "container" "web"` is `container "web"` already. */
export interface WrittenBlock {
  readonly block: Block;
  readonly dialect: Dialect;
}

/** The outermost blocks of a file. */
export function writtenBlocks(body: Body, report: (...found: Diagnostic[]) => void): WrittenBlock[] {
  return body.blocks.flatMap((block): WrittenBlock[] => {
    if (block.type !== 'resource') return [{ block, dialect: 'shipyard' }];
    const [type, ...labels] = block.labels;
    if (!type || labels.length === 0) {
      report(incomplete(block, type?.value));
      return [];
    }
    return [{ block: { ...block, type: type.value, typeRange: type.range, labels }, dialect: 'jumppad' }];
  });
}

/** Whether a folder is written in Jumppad's language, in which a module has a name space of its own. */
export function isJumppads(blocks: readonly WrittenBlock[]): boolean {
  return blocks.some(({ block, dialect }) => dialect === 'jumppad' || block.type === 'local');
}

/** `resource "web" {`, `resource "container" {`: which of both is missing shows in whether there is such a type. */
function incomplete({ headerRange }: Block, label: string | undefined): Diagnostic {
  const isType = label !== undefined && resourceTypeOf(label) !== undefined;
  const written = isType ? `"${label}" "name"` : `"container" "${label ?? 'name'}"`;
  return errorAt(headerRange, `this resource has no ${isType ? 'name' : 'type'}`, {
    detail: 'a resource has a type and a name',
    hint: `write it as: resource ${written} { … }`,
  });
}

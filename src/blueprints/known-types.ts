import { type Diagnostic, errorAt } from '../base/diagnostic.ts';
import { didYouMean } from '../base/suggest.ts';
import type { Block } from '../hcl/hcl2/ast.ts';
import { LEAVE_OUT } from './leave-out.ts';
import { RESOURCE_TYPES } from './resources/index.ts';

/** Blocks of the language itself. */
export const LANGUAGE_BLOCKS = ['local', 'module', 'variable'];

/** Shipyard's and Jumppad's other resource types: known by name, so that they are not taken for typing errors. */
export const ELSEWHERE =
  'build blueprint book chapter container_registry exec http image_cache ollama_model random_creature random_id random_number random_password random_uuid task terraform'.split(
    ' ',
  );

/** What to say of a block of a type that can't be run. */
export function unknownType(block: Block): Diagnostic {
  const types = RESOURCE_TYPES.map((row) => row.type);
  if (ELSEWHERE.includes(block.type)) {
    const detail = `supported: ${types.join(', ')}`;
    return errorAt(block.typeRange, `resource type "${block.type}" is not supported by this version of mesh yet`, {
      detail,
      hint: LEAVE_OUT,
    });
  }
  return errorAt(block.typeRange, `unknown resource type "${block.type}"`, {
    hint: `known types: ${types.join(', ')}`,
    ...didYouMean(block.type, [...types, ...LANGUAGE_BLOCKS, ...ELSEWHERE]),
  });
}

import { type Diagnostic, errorAt } from '../base/diagnostic.ts';
import { didYouMean } from '../base/suggest.ts';
import type { Block } from '../hcl/hcl2/ast.ts';
import { LEAVE_OUT } from './leave-out.ts';
import { RESOURCE_TYPES } from './resources/index.ts';

/** Blocks of the language itself. */
export const LANGUAGE_BLOCKS = ['local', 'module', 'variable'];

/** Types that can't be without a container engine or a cloud: what to do instead. */
const OUT_OF_REACH: Readonly<Record<string, string>> = {
  build:
    'images are not built: name a built-in image in the container, or let a program of yours stand for it: image "acme/web" { command = ["./web"] } in .mesh.hcl',
  container_registry: 'images are not pulled from registries: leave it out; built-in images need none',
  ollama_model: 'run the model with ollama itself, and call it at http://localhost:11434',
  terraform: 'run terraform in an exec: script = "terraform init && terraform apply -auto-approve"',
};

/** Shipyard's and Jumppad's other resource types: known by name, so that they are not taken for typing errors. */
export const ELSEWHERE = Object.keys(OUT_OF_REACH);

/** What to say of a block of a type that can't be run. */
export function unknownType(block: Block): Diagnostic {
  const types = [...new Set(RESOURCE_TYPES.map((row) => row.type))];
  const instead = Object.hasOwn(OUT_OF_REACH, block.type) ? OUT_OF_REACH[block.type]! : undefined;
  if (instead !== undefined) {
    const detail = 'it needs more than processes of this machine';
    return errorAt(block.typeRange, `resource type "${block.type}" can't run here`, { detail, hint: `${instead}; or ${LEAVE_OUT}` });
  }
  return errorAt(block.typeRange, `unknown resource type "${block.type}"`, {
    hint: `known types: ${types.join(', ')}`,
    ...didYouMean(block.type, [...types, ...LANGUAGE_BLOCKS, ...ELSEWHERE]),
  });
}

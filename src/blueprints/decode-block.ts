import { type Diagnostic, errorAt, hasErrors } from '../base/diagnostic.ts';
import type { Range } from '../base/source.ts';
import { didYouMean } from '../base/suggest.ts';
import type { Block } from '../hcl/hcl2/ast.ts';
import { bodyToLocated, type Scope } from '../hcl/hcl2/index.ts';
import { decode } from '../schema/decode.ts';
import { collectReferences } from '../schema/references.ts';
import { COMMON_ATTRIBUTES, dependsOnOf, isDisabled } from './common-attributes.ts';
import { LEAVE_OUT } from './leave-out.ts';
import type { Loaded } from './loaded.ts';
import { nameOf } from './names.ts';
import type { BlueprintFile } from './read-blueprint.ts';
import type { ResourceType } from './resource-type.ts';
import { RESOURCE_TYPES, resourceTypeOf } from './resources/index.ts';

/** Blocks of the language itself. */
export const LANGUAGE_BLOCKS = ['module', 'variable'];

/** Shipyard's and Jumppad's other resource types: known by name, so that they are not taken for typing errors. */
const ELSEWHERE =
  'build blueprint book chapter container_registry exec http image_cache kubernetes_cluster kubernetes_config local nomad_cluster nomad_ingress nomad_job ollama_model random_creature random_id random_number random_password random_uuid task terraform'.split(
    ' ',
  );

type Report = (...found: Diagnostic[]) => void;

/** Decodes the block of a resource; nothing but its key and the place is known of one that is left out. */
export function decodeBlock(
  block: Block,
  file: BlueprintFile,
  scope: Scope,
  report: Report,
): Loaded | { readonly key: string; readonly disabled: Range } | undefined {
  const type = resourceTypeOf(block.type);
  // What is left out need not be supported: published blueprints hold parts that a variable turns on.
  const isResource = type !== undefined || (ELSEWHERE.includes(block.type) && block.labels.length > 0);
  const disabled = isResource ? (file.disabled ?? isDisabled(block, scope, report)) : undefined;
  if (!type && !disabled) {
    report(unknownType(block));
    return undefined;
  }
  const name = nameOf(block, report);
  if (name === undefined) return undefined;
  const key = `${block.type}.${name}`;
  if (disabled) return { key, disabled };
  return type && { key, name, type, block, file: file.path, modules: file.modules, ...decodeBody(block, type, file, scope, report) };
}

function decodeBody(
  block: Block,
  type: ResourceType,
  file: BlueprintFile,
  scope: Scope,
  report: Report,
): Pick<Loaded, 'located' | 'config' | 'references' | 'after'> {
  const { value, diagnostics } = bodyToLocated(block.body, scope);
  const { own, dependsOn } = dependsOnOf(value, report);
  const complete = file.readable && !hasErrors(diagnostics);
  const subject = `${type.type} "${block.labels[0]?.value}"`;
  const decoded = decode(own, type.schema, { subject, header: block.headerRange, incomplete: !complete, takenOut: COMMON_ATTRIBUTES });
  report(...diagnostics, ...decoded.diagnostics);
  const usable = complete && !hasErrors(decoded.diagnostics);
  return {
    located: own,
    config: usable ? decoded.value : undefined,
    references: collectReferences(own, type.schema),
    after: dependsOn,
  };
}

function unknownType(block: Block): Diagnostic {
  const types = RESOURCE_TYPES.map((row) => row.type);
  if (block.type === 'resource') {
    const [type = 'container', name = 'web'] = block.labels.map(({ value }) => value);
    const detail = 'the types are the first words of blocks here, and references are texts, as in Shipyard\'s files: "network.local"';
    return errorAt(block.typeRange, 'this is the language of Jumppad', { detail, hint: `write it as: ${type} "${name}" { … }` });
  }
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

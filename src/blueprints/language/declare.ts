import { type Diagnostic, errorAt } from '../../base/diagnostic.ts';
import { didYouMean } from '../../base/suggest.ts';
import type { Block } from '../../hcl/hcl2/ast.ts';
import { isDisabled } from '../common-attributes.ts';
import { ELSEWHERE, LANGUAGE_BLOCKS, unknownType } from '../known-types.ts';
import { nameOf, nameOfResource } from '../names.ts';
import type { BlueprintFile } from '../read-blueprint.ts';
import { resourceTypeOf } from '../resources/index.ts';
import type { Evaluation } from './evaluation.ts';
import type { DeclaredResource, Namespace } from './namespace.ts';
import type { WrittenBlock } from './written-blocks.ts';

type Report = (...found: Diagnostic[]) => void;

/** `local`, `output` and, in a namespaced module, `variable`: expressions with a name. */
export function declareValues(blocks: readonly WrittenBlock[], file: string, namespace: Namespace, report: Report): void {
  for (const { block } of blocks) {
    if (block.type === 'local') declareLocal(block, file, namespace, report);
    const value = block.type === 'output' ? attributeOf(block, 'value') : undefined;
    const name = block.labels[0]?.value;
    const title = `output.${name}`;
    // What is wrong with an output is said where it is decoded as a resource; here it is only something to refer to.
    if (value && name !== undefined && !namespace.values.has(title))
      namespace.values.set(title, { kind: 'value', title, expression: value.value, file, namespace });
  }
}

function declareLocal(block: Block, file: string, namespace: Namespace, report: Report): void {
  const name = nameOf(block, report);
  if (name === undefined) return;
  const title = `local.${name}`;
  const earlier = namespace.values.get(title);
  if (earlier) {
    const related = { range: earlier.expression.range, message: 'first declared here' };
    report(errorAt(block.headerRange, `local "${name}" is declared twice`, { related }));
    return;
  }
  for (const { name: other, nameRange } of block.body.attributes)
    if (other !== 'value')
      report(
        errorAt(nameRange, `unknown attribute "${other}" in local "${name}"`, {
          hint: 'known here: value',
          ...didYouMean(other, ['value']),
        }),
      );
  for (const inner of block.body.blocks)
    report(errorAt(inner.headerRange, `unknown block "${inner.type}" in local "${name}"`, { hint: 'known here: value = …' }));
  const value = attributeOf(block, 'value');
  if (value) namespace.values.set(title, { kind: 'value', title, expression: value.value, file, namespace });
  else if (block.body.attributes.length === 0)
    report(errorAt(block.headerRange, `local "${name}" needs "value"`, { detail: 'what it stands for: value = …' }));
}

const attributeOf = (block: Block, name: string) => block.body.attributes.find((attribute) => attribute.name === name);

/** The resources of all files, in their order. What is left out is noted in its name space. */
export function declareResources(files: readonly BlueprintFile[], evaluation: Evaluation, report: Report): DeclaredResource[] {
  return files.flatMap((file) =>
    file.blocks.flatMap((written) => {
      if (LANGUAGE_BLOCKS.includes(written.block.type)) return [];
      // Of a module in Jumppad's form, only who uses it sees what it gives.
      if (written.block.type === 'output' && file.namespace.parent) return [];
      return declareResource(written, file, evaluation, report) ?? [];
    }),
  );
}

function declareResource(
  { block, dialect }: WrittenBlock,
  file: BlueprintFile,
  evaluation: Evaluation,
  report: Report,
): DeclaredResource | undefined {
  const { namespace } = file;
  const type = resourceTypeOf(block.type, dialect);
  // What is left out need not be supported: published blueprints hold parts that a variable turns on.
  const isResource = type !== undefined || (ELSEWHERE.includes(block.type) && block.labels.length > 0);
  const disabled = isResource ? (file.disabled ?? disabledHere(block, file, evaluation, report)) : undefined;
  if (!type && !disabled) {
    report(unknownType(block));
    return undefined;
  }
  const name = nameOfResource(block, type?.labels, report);
  if (name === undefined) return undefined;
  const local = `${type?.type ?? block.type}.${name}`;
  if (disabled) {
    namespace.disabled.set(local, disabled);
    return undefined;
  }
  const declared: DeclaredResource = {
    kind: 'resource',
    key: `${type!.type}.${namespace.nameOf(name)}`,
    name: namespace.nameOf(name),
    type: type!,
    dialect,
    block,
    file: file.path,
    readable: file.readable,
    modules: file.modules,
    namespace,
  };
  if (!namespace.resources.has(local)) namespace.resources.set(local, declared);
  return declared;
}

function disabledHere(block: Block, { path, namespace }: BlueprintFile, evaluation: Evaluation, report: Report) {
  const attribute = attributeOf(block, 'disabled');
  return attribute && isDisabled(block, evaluation.scopeFor([attribute.value], { file: path, namespace }).scope, report);
}

import { type Diagnostic, errorAt } from '../../base/diagnostic.ts';
import { didYouMean } from '../../base/suggest.ts';
import type { Block, Expression, ObjectItem } from '../../hcl/hcl2/ast.ts';
import { literalText } from '../../hcl/hcl2/index.ts';
import { nameOf } from '../names.ts';
import { Namespace } from './namespace.ts';

/** A `module` block, as far as its folder needs to know it. */
export interface ModuleBlock {
  readonly name: string;
  readonly block: Block;
  readonly file: string;
  /** `variables = {…}`. */
  readonly given: Expression | undefined;
  /** Whether it is written in Jumppad's form; otherwise its files say what it is. */
  readonly isJumppads: boolean;
  /** Where it stands. */
  readonly outer: Namespace;
}

/** The name space of a module in Jumppad's form. */
export function inside(outer: Namespace, { name }: ModuleBlock): Namespace {
  const namespace = new Namespace([...outer.path, name], outer);
  outer.modules.set(name, namespace);
  return namespace;
}

/**
 * The variables of a module in Jumppad's form: each has the value that the block gives it, computed where the block stands, or
 * its default. Nothing else reaches in: neither variables of the outside nor the environment.
 */
export function declareVariables(
  blocks: readonly { readonly block: Block; readonly file: string }[],
  module: ModuleBlock,
  namespace: Namespace,
  report: (...found: Diagnostic[]) => void,
): void {
  const given = givenValues(module, report);
  const names: string[] = [];
  for (const { block, file } of blocks) {
    const name = nameOf(block, report);
    if (name === undefined) continue;
    names.push(name);
    const title = `variable.${name}`;
    const value = given.get(name);
    const standard = block.body.attributes.find((attribute) => attribute.name === 'default');
    if (value) namespace.values.set(title, { kind: 'value', title, expression: value.value, file: module.file, namespace: module.outer });
    else if (standard) namespace.values.set(title, { kind: 'value', title, expression: standard.value, file, namespace });
    else {
      const hint = `give it one: variables = { ${name} = … }`;
      const related = { range: block.headerRange, message: 'it has no default' };
      report(errorAt(module.block.headerRange, `variable "${name}" of module "${module.name}" has no value`, { related, hint }));
    }
  }
  for (const [name, { key }] of given)
    if (!names.includes(name)) {
      const list = names.length === 0 ? 'it declares none' : `declared there: ${names.join(', ')}`;
      report(errorAt(key.range, `module "${module.name}" has no variable "${name}"`, { hint: list, ...didYouMean(name, names) }));
    }
}

/** Item by item, so that one that is not known yet does not hold up the others. */
function givenValues({ given }: ModuleBlock, report: (...found: Diagnostic[]) => void): Map<string, ObjectItem> {
  if (!given) return new Map();
  if (given.kind !== 'object') {
    report(errorAt(given.range, '"variables" must be an object', { hint: 'write it as: variables = { region = "eu" }' }));
    return new Map();
  }
  return new Map(
    given.items.flatMap((item) => {
      const name = literalText(item.key);
      if (name !== undefined) return [[name, item] as const];
      report(errorAt(item.key.range, 'the name of a variable is written out here', { hint: 'write it as: variables = { region = "eu" }' }));
      return [];
    }),
  );
}

import { type Diagnostic, errorAt, hasErrors } from '../base/diagnostic.ts';
import { didYouMean, nearest } from '../base/suggest.ts';
import type { Attribute, Block } from '../hcl/hcl2/ast.ts';
import { evaluate, type Functions, referencesIn, type Scope } from '../hcl/hcl2/index.ts';
import type { Located } from '../schema/located.ts';

const VARIABLE_ATTRIBUTES = ['default', 'type', 'description', 'sensitive', 'nullable'];

/**
 * The `variable` and `locals` blocks of a job file as the scope of its job. A variable has its default: nothing here could
 * give it another value.
 */
export function scopeOf(blocks: readonly Block[], runtime: ReadonlyMap<string, Located>, functions: Functions, out: Diagnostic[]): Scope {
  const variables = new Map<string, Located>(runtime);
  const scope: Scope = {
    variables,
    functions,
    absent: ([root, name = '']) => {
      if (root !== 'var' && root !== 'local') return undefined;
      const value = variables.get(root);
      const known = value?.type === 'map' ? value.entries.map(({ key }) => key) : [];
      const what = root === 'var' ? `variable "${name}"` : `local value "${name}"`;
      const block = root === 'var' ? `variable "${name}" { default = … }` : `locals { ${name} = … }`;
      return { summary: `there is no ${what}`, hint: `define it: ${block}`, ...didYouMean(name, known) };
    },
  };
  const given: [string, Located][] = [];
  for (const block of blocks) if (block.type === 'variable') given.push(...variableOf(block, scope, out));
  variables.set('var', mapOf(given));
  defineLocals(
    blocks.filter(({ type }) => type === 'locals').flatMap(({ body }) => body.attributes),
    variables,
    scope,
    out,
  );
  return scope;
}

function variableOf({ labels, body, headerRange }: Block, scope: Scope, out: Diagnostic[]): [string, Located][] {
  const name = labels[0]?.value;
  if (name === undefined) {
    out.push(errorAt(headerRange, 'a variable needs a name', { hint: 'write it as: variable "name" { default = … }' }));
    return [];
  }
  for (const attribute of body.attributes) {
    if (VARIABLE_ATTRIBUTES.includes(attribute.name)) continue;
    const hint = { hint: `known here: ${VARIABLE_ATTRIBUTES.join(', ')}`, ...didYouMean(attribute.name, VARIABLE_ATTRIBUTES) };
    out.push(errorAt(attribute.nameRange, `unknown attribute "${attribute.name}" in variable "${name}"`, hint));
  }
  const value = body.attributes.find((attribute) => attribute.name === 'default');
  if (!value && body.attributes.some((one) => nearest(one.name, VARIABLE_ATTRIBUTES) === 'default'))
    return [[name, { type: 'unknown', range: headerRange }]];
  if (!value) {
    const detail = 'nomad_job gives no values to the variables of its files';
    out.push(errorAt(headerRange, `variable "${name}" has no value`, { detail, hint: 'give it a default: default = "…"' }));
    return [[name, { type: 'unknown', range: headerRange }]];
  }
  return [[name, valueOfAttribute(value, scope, out)]];
}

/** They may use each other, in any order. */
function defineLocals(attributes: readonly Attribute[], variables: Map<string, Located>, scope: Scope, out: Diagnostic[]): void {
  const names = new Set(attributes.map(({ name }) => name));
  const known: [string, Located][] = [];
  const isKnown = (name: string): boolean => !names.has(name) || known.some(([other]) => other === name);
  let waiting = [...attributes];
  variables.set('local', mapOf(known));
  while (waiting.length > 0) {
    const ready = waiting.filter(({ value }) =>
      referencesIn(value).every(({ path: [root, name] }) => root !== 'local' || isKnown(name ?? '')),
    );
    if (ready.length === 0) {
      for (const { name, nameRange } of waiting) out.push(errorAt(nameRange, `local value "${name}" needs itself`));
      for (const { name } of waiting) known.push([name, { type: 'unknown' }]);
      break;
    }
    for (const attribute of ready) known.push([attribute.name, valueOfAttribute(attribute, scope, out)]);
    waiting = waiting.filter((attribute) => !ready.includes(attribute));
    variables.set('local', mapOf(known));
  }
  variables.set('local', mapOf(known));
}

function valueOfAttribute({ value }: Attribute, scope: Scope, out: Diagnostic[]): Located {
  const evaluated = evaluate(value, scope);
  out.push(...evaluated.diagnostics);
  return hasErrors(evaluated.diagnostics) ? { type: 'unknown' } : evaluated.value;
}

const mapOf = (values: readonly (readonly [string, Located])[]): Located => ({
  type: 'map',
  entries: values.map(([key, value]) => ({ key, value })),
});

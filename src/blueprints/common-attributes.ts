import { type Diagnostic, errorAt } from '../base/diagnostic.ts';
import type { Range } from '../base/source.ts';
import type { Block } from '../hcl/hcl2/ast.ts';
import { toBool } from '../hcl/hcl2/convert.ts';
import { evaluate, type Scope } from '../hcl/hcl2/index.ts';
import { describeType, type LocatedMap } from '../schema/located.ts';
import { type Reference, referenceText } from '../schema/references.ts';
import { RESOURCE_TYPES } from './resources/index.ts';

/** Attributes that every resource and every module has, taken out before their own schemas are applied. */
export const COMMON_ATTRIBUTES = ['depends_on', 'disabled'];

/** The place of `disabled = true` in a block. The rest of such a block is not computed: what it needs may not be there. */
export function isDisabled(block: Block, scope: Scope, report: (...found: Diagnostic[]) => void): Range | undefined {
  const attribute = block.body.attributes.find(({ name }) => name === 'disabled');
  if (!attribute) return undefined;
  const { value, diagnostics } = evaluate(attribute.value, scope);
  // Reported with the other attributes, since a block with an error in it is not left out.
  if (diagnostics.length > 0 || value.type === 'null') return undefined;
  const disabled = toBool(value);
  if (disabled === undefined) report(errorAt(attribute.value.range, `"disabled" must be true or false, not ${describeType(value)}`));
  return disabled ? attribute.range : undefined;
}

/** Takes `depends_on` out, and `disabled`, which has been looked at. `write`: the key that a written reference means. */
export function dependsOnOf(
  located: LocatedMap,
  write: (text: string) => string,
  report: (...found: Diagnostic[]) => void,
): { own: LocatedMap; dependsOn: Reference[] } {
  const isCommon = (entry: LocatedMap['entries'][number]) => COMMON_ATTRIBUTES.includes(entry.key) && !entry.block;
  const own = { ...located, entries: located.entries.filter((entry) => !isCommon(entry)) };
  const given = located.entries.find((entry) => entry.key === 'depends_on' && isCommon(entry));
  if (!given || given.value.type === 'null') return { own, dependsOn: [] };
  const types = [...RESOURCE_TYPES.map((row) => row.type), 'module'];
  const dependsOn: Reference[] = [];
  for (const item of given.value.type === 'list' ? given.value.items : [given.value]) {
    const text = referenceText(item);
    if (text !== undefined) dependsOn.push({ target: write(text), types, ...(item.range ? { range: item.range } : {}) });
    else {
      const detail = 'write it as: depends_on = ["container.web"]';
      report(errorAt(item.range ?? given.keyRange, `"depends_on" must be a list of references, not ${describeType(item)}`, { detail }));
    }
  }
  return { own, dependsOn };
}

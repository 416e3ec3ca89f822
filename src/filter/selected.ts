import type { Expression } from './expression.ts';
import { parseFilter } from './grammar.ts';

/** What a filter looks at in a datum, each once: `Service.Meta.version` with its value; undefined where there is none. */
export function selectedValues(text: string, datum: object): [selector: string, value: unknown][] {
  const parsed = parseFilter(text);
  if (!parsed.ok) return [];
  const found = selectorsOf(parsed.value).map((selector): [string, unknown] => [selector.join('.'), valueAt(datum, selector)]);
  return [...new Map(found)];
}

function selectorsOf(expression: Expression): (readonly string[])[] {
  switch (expression.type) {
    case 'match':
      return [expression.selector];
    case 'not':
      return selectorsOf(expression.operand);
    case 'and':
    case 'or':
      return [...selectorsOf(expression.left), ...selectorsOf(expression.right)];
  }
}

function valueAt(datum: object, selector: readonly string[]): unknown {
  return selector.reduce<unknown>((at, name) => {
    return typeof at === 'object' && at !== null && Object.hasOwn(at, name) ? (at as Record<string, unknown>)[name] : undefined;
  }, datum);
}

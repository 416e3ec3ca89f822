import type { Diagnostic, UsedValue } from '../base/diagnostic.ts';
import type { Range, Source } from '../base/source.ts';
import type { Block, Expression } from '../hcl/hcl2/ast.ts';
import { referencesIn, type Scope } from '../hcl/hcl2/index.ts';
import { hasUnknown, type Json, type Located, toJson } from '../schema/located.ts';
import type { DeclaredResource } from './language/namespace.ts';
import { isSecret } from './secret.ts';

/** More of them would hide the problem. */
const MAX_VALUES = 4;
/** Characters of a value that are shown. */
const MAX_SHOWN = 60;

/**
 * Adds to each problem that stands in an expression the values of what it refers to: `var.region is "eu"`. `scopeOf`: what an
 * expression of this resource may use.
 */
export function withValues(
  diagnostics: readonly Diagnostic[],
  resources: readonly DeclaredResource[],
  scopeOf: (expression: Expression, resource: DeclaredResource) => Scope,
): Diagnostic[] {
  return diagnostics.map((diagnostic) => {
    const { subject } = diagnostic;
    const resource = subject && resources.find(({ block }) => holds(block.range, subject));
    const expression = resource && expressionAt(resource.block, subject);
    if (!expression) return diagnostic;
    const values = valuesAt(subject, expression, scopeOf(expression, resource));
    return values.length === 0 ? diagnostic : { ...diagnostic, values };
  });
}

function holds(outer: Range, inner: { readonly source: Source; readonly start: number; readonly end: number }): boolean {
  return outer.source === inner.source && outer.start <= inner.start && inner.end <= outer.end;
}

function expressionAt(block: Block, subject: Range): Expression | undefined {
  const attribute = block.body.attributes.find(({ value }) => holds(value.range, subject));
  if (attribute) return attribute.value;
  const inner = block.body.blocks.find(({ range }) => holds(range, subject));
  return inner && expressionAt(inner, subject);
}

/** Of the names at the place itself, or of all in the expression if there are none. */
function valuesAt(subject: Range, expression: Expression, scope: Scope): UsedValue[] {
  const all = referencesIn(expression);
  const here = all.filter(({ range }) => range.start < subject.end && subject.start < range.end);
  const values = new Map<string, string>();
  for (const { path } of here.length > 0 ? here : all) {
    const found = lookedUp(path, scope);
    if (found) values.set(found.name, shown(found.name, found.value));
  }
  return [...values].slice(0, MAX_VALUES).map(([name, value]) => ({ name, value }));
}

/** As far as the path leads to something: of `var.db.hots` that is `var.db`. */
function lookedUp(path: readonly string[], scope: Scope): { name: string; value: Located } | undefined {
  let value = scope.variables.get(path[0]!);
  let depth = 1;
  for (const step of path.slice(1)) {
    const next = stepInto(value, step);
    if (!next) break;
    value = next;
    depth++;
  }
  return value && depth > 1 ? { name: path.slice(0, depth).join('.'), value } : undefined;
}

function stepInto(value: Located | undefined, step: string): Located | undefined {
  if (value?.type === 'list') return value.items[Number(step)];
  return value?.type === 'map' ? value.entries.findLast(({ key }) => key === step)?.value : undefined;
}

function shown(name: string, value: Located): string {
  if (value.type === 'unknown') return 'known only after it is applied';
  if (hidden(name, value)) return 'not shown: it looks secret';
  if (value.type === 'null') return 'null';
  if (hasUnknown(value)) return value.type === 'list' ? `a list of ${value.items.length}` : 'an object';
  const text = written(toJson(value));
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN)}…`;
}

/** The whole of what has something secret in it. */
function hidden(name: string, value: Located): boolean {
  if (value.type === 'list') return value.items.some((item) => hidden(name, item));
  if (value.type === 'map') return value.entries.some(({ key, value: inner }) => hidden(`${name}.${key}`, inner));
  return isSecret(name, [value.type === 'string' ? value.value : undefined]);
}

/** As it would be written in a blueprint. */
function written(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(written).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, inner]) => `${/^[\w-]+$/.test(key) ? key : JSON.stringify(key)} = ${written(inner)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

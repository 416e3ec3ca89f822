import type { Diagnostic } from '../../base/diagnostic.ts';
import type { LocatedEntry, LocatedMap } from '../../schema/located.ts';
import type { Block, Body } from './ast.ts';
import { evaluate } from './evaluate.ts';
import type { Scope } from './scope.ts';

export interface BodyResult {
  /** Without what could not be computed. */
  readonly value: LocatedMap;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The attributes and nested blocks of a body in the order of the text, for a schema to decode. A block becomes an entry with
 * `block: true`, a repeated one a repeated entry; its labels are maps around it, as in HCL's JSON form.
 */
export function bodyToLocated(body: Body, scope: Scope): BodyResult {
  const diagnostics: Diagnostic[] = [];
  return { value: mapOf(body, scope, diagnostics), diagnostics };
}

function mapOf(body: Body, scope: Scope, diagnostics: Diagnostic[]): LocatedMap {
  const placed: { start: number; entry: LocatedEntry }[] = [];
  for (const { name, nameRange, value: expression, range } of body.attributes) {
    const { value, diagnostics: found } = evaluate(expression, scope);
    for (const diagnostic of found) diagnostics.push(diagnostic);
    if (found.length === 0) placed.push({ start: range.start, entry: { key: name, keyRange: nameRange, value } });
  }
  for (const block of body.blocks) placed.push({ start: block.range.start, entry: blockEntry(block, scope, diagnostics) });
  placed.sort((a, b) => a.start - b.start);
  return { type: 'map', entries: placed.map(({ entry }) => entry), range: body.range };
}

function blockEntry(block: Block, scope: Scope, diagnostics: Diagnostic[]): LocatedEntry {
  let value = mapOf(block.body, scope, diagnostics);
  for (const label of block.labels.toReversed()) {
    value = { type: 'map', entries: [{ key: label.value, keyRange: label.range, value, block: true }], range: block.range };
  }
  return { key: block.type, keyRange: block.typeRange, value, block: true };
}

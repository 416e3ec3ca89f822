import { isDeepStrictEqual } from 'node:util';
import type { DesiredResource } from './graph.ts';
import { changesBetween, type WrittenChange } from './written.ts';

/** Why something is done to a resource that runs. */
export type Cause =
  | WrittenChange
  /** A dependency is made anew. */
  | { readonly kind: 'resource'; readonly key: string }
  /** Nothing was changed: `it is tainted`. */
  | { readonly kind: 'status'; readonly text: string }
  /** Nothing that is written in the block itself: a path of what was made of it, `workload.env.MESSAGE`. */
  | { readonly kind: 'computed'; readonly path: string };

/** What is different about a resource: as it is written, or else in what was made of that. */
export function causesOfChange(before: DesiredResource, after: DesiredResource): Cause[] {
  const changes = before.written && after.written ? changesBetween(before.written, after.written) : [];
  return changes.length > 0 ? changes : [{ kind: 'computed', path: changedPath(before.spec, after.spec) }];
}

/** In a word or two: the first one. */
export function briefly(causes: readonly Cause[]): string {
  const first = causes[0];
  if (!first) return '';
  const text = first.kind === 'status' ? first.text : first.kind === 'resource' ? first.key : first.path;
  return causes.length === 1 ? text : `${text} and ${causes.length - 1} more`;
}

/** The path of the first difference. */
function changedPath(before: unknown, after: unknown): string {
  if (typeof before !== 'object' || typeof after !== 'object' || before === null || after === null) return '';
  const old = before as Record<string, unknown>;
  const now = after as Record<string, unknown>;
  for (const key of new Set([...Object.keys(old), ...Object.keys(now)])) {
    if (isDeepStrictEqual(old[key], now[key])) continue;
    const deeper = changedPath(old[key], now[key]);
    return deeper === '' ? key : `${key}.${deeper}`;
  }
  return '';
}

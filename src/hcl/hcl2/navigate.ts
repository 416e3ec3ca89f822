import type { Diagnostic } from '../../base/diagnostic.ts';
import type { Range } from '../../base/source.ts';
import { didYouMean } from '../../base/suggest.ts';
import { describeType, type Located, type LocatedMap } from '../../schema/located.ts';
import type { Expression, Step } from './ast.ts';
import { compareTexts, decimalOf, textValue, toText } from './convert.ts';
import { formatDecimal } from './decimal.ts';
import { segmentOf, writtenOut } from './references.ts';

/** What a step needs of the evaluator around it. */
interface Context {
  value(expression: Expression): Located | undefined;
  fail(range: Range, summary: string, more?: Partial<Diagnostic>): undefined;
}

/** Takes one step, `.name` or `[key]`, into a value. */
export function stepInto(value: Located, step: Step, context: Context): Located | undefined {
  // What is wrong in an index is told, whatever it leads into.
  if (value.type === 'unknown') return step.kind === 'index' && !context.value(step.key) ? undefined : value;
  if (value.type === 'null') return context.fail(step.range, 'null has nothing in it');
  if (step.kind === 'attribute') return attribute(value, step.name, step.range, context);
  const key = context.value(step.key);
  if (!key || key.type === 'unknown') return key;
  if (value.type === 'map') {
    const name = toText(key);
    return name === undefined
      ? context.fail(step.key.range, `a key must be a string, not ${describeType(key)}`)
      : entry(value, name, step.key.range, context);
  }
  if (value.type !== 'list') return context.fail(step.range, `${describeType(value)} has no items`);
  const index = decimalOf(key);
  const text = index && formatDecimal(index);
  if (text === undefined || !/^-?\d+$/.test(text)) return context.fail(step.key.range, 'the index of a list is a whole number');
  const item = value.items[Number(text)];
  const count = value.items.length === 1 ? '1 item' : `${value.items.length} items`;
  return item ?? context.fail(step.key.range, `there is no item ${text}`, { detail: `the list has ${count}, counted from 0` });
}

function attribute(value: Located, name: string, range: Range, context: Context): Located | undefined {
  if (value.type === 'map') return entry(value, name, range, context);
  const hint = value.type === 'list' ? { hint: `take one item: [0].${name}, or all: [*].${name}` } : {};
  return context.fail(range, `${describeType(value)} has no attribute ${name}`, hint);
}

function entry(map: LocatedMap, name: string, range: Range, context: Context): Located | undefined {
  const found = map.entries.findLast((candidate) => candidate.key === name);
  if (found) return found.value;
  const known = [...new Set(map.entries.map((candidate) => candidate.key))];
  const guess = didYouMean(name, known);
  const all = known.length > 0 && known.length <= 8 ? { hint: `known: ${known.join(', ')}` } : {};
  return context.fail(range, `there is no ${JSON.stringify(name)} here`, guess.hint === undefined ? all : guess);
}

/** Keys and values of a list (by index) or an object (in the order of its keys, as HCL 2 does); undefined for all else. */
export function items(value: Located): readonly (readonly [Located, Located])[] | undefined {
  if (value.type === 'list') return value.items.map((item, i) => [{ type: 'number', value: i }, item]);
  return value.type === 'map' ? Array.from(entriesOf(value), ([key, item]) => [textValue(key), item]) : undefined;
}

/** What an object holds, in the order of its keys; of a repeated key the last counts. */
export function entriesOf(map: LocatedMap): ReadonlyMap<string, Located> {
  const entries = new Map(map.entries.map(({ key, value }) => [key, value]));
  return new Map([...entries].toSorted(([a], [b]) => compareTexts(a, b)));
}

/** The first step that leads to nothing, among those at the start that are written out, and all of these. */
export function missingStep(value: Located, steps: readonly Step[]): { path: readonly string[]; step: number } | undefined {
  let here = value;
  for (const [i, step] of steps.entries()) {
    const name = segmentOf(step);
    if (name === undefined || here.type !== 'map') return undefined;
    const next = here.entries.findLast((candidate) => candidate.key === name);
    if (!next) return { path: writtenOut(steps), step: i };
    here = next.value;
  }
  return undefined;
}

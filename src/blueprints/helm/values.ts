import { type Diagnostic, errorAt } from '../../base/diagnostic.ts';
import type { Range, Source } from '../../base/source.ts';
import { parseYaml } from '../../kube/yaml.ts';
import type { Located, LocatedMap } from '../../schema/located.ts';

/** The values of a file. A file without any is an empty one, as to Helm. */
export function readValues(source: Source): { values: LocatedMap; diagnostics: readonly Diagnostic[] } {
  const { documents, diagnostics } = parseYaml(source);
  const value = documents[0]?.value;
  if (value === undefined || value.type === 'map') return { values: value ?? EMPTY, diagnostics };
  const wrong = errorAt(value.range, 'values are a YAML object', { detail: 'write it as: connectInject: { enabled: true }' });
  return { values: EMPTY, diagnostics: [...diagnostics, wrong] };
}

export const EMPTY: LocatedMap = { type: 'map', entries: [] };

/**
 * Sets one value, as `helm --set-string` does: `connectInject.default`, `client.join[0]`. Dots of a key are written `\.`.
 * Undefined when the path can't be read.
 */
export function setValue(values: LocatedMap, path: string, text: Located): LocatedMap | undefined {
  const steps = stepsOf(path);
  return steps && (set(values, steps, text) as LocatedMap);
}

type Step = string | number;

function stepsOf(path: string): Step[] | undefined {
  const steps: Step[] = [];
  for (const part of path.split(/(?<!\\)\./)) {
    const match = /^((?:[^[\]\\]|\\.)+)((?:\[\d+\])*)$/.exec(part);
    if (!match) return undefined;
    steps.push(match[1]!.replaceAll('\\', ''), ...[...match[2]!.matchAll(/\d+/g)].map(([index]) => Number(index)));
  }
  return steps;
}

function set(into: Located | undefined, [step, ...rest]: readonly Step[], text: Located): Located {
  if (step === undefined) return text;
  const range: { range?: Range } = text.range ? { range: text.range } : {};
  if (typeof step === 'number') {
    const items = into?.type === 'list' ? [...into.items] : [];
    while (items.length < step) items.push({ type: 'null', ...range });
    items[step] = set(items[step], rest, text);
    return { type: 'list', items, ...range };
  }
  const entries = into?.type === 'map' ? into.entries : [];
  const before = entries.find((entry) => entry.key === step);
  const entry = { key: step, value: set(before?.value, rest, text), ...(text.range ? { keyRange: text.range } : {}) };
  return { type: 'map', entries: [...entries.filter((other) => other !== before), entry], ...range };
}

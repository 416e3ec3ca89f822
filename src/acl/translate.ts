import type { Located, LocatedEntry, LocatedMap } from '../schema/located.ts';
import { NAMED_RESOURCES } from './rule.ts';

/** What the first ACLs had; there every name was a prefix. */
const LEGACY = new Set<string>(NAMED_RESOURCES.filter((resource) => resource !== 'identity'));

/** Rules of Consul before 1.4 as they are written since: `service "" { … }` is `service_prefix "" { … }`. In their order, without comments. */
export function translateLegacyRules(rules: LocatedMap): string {
  const found = rules.entries.flatMap((entry) =>
    LEGACY.has(entry.key) ? blocksOf(entry) : [{ at: startOf(entry), text: assignment(entry, '') }],
  );
  return found
    .sort((a, b) => a.at - b.at)
    .map(({ text }) => text)
    .join('\n\n');
}

interface Found {
  readonly at: number;
  readonly text: string;
}

function blocksOf({ key, value }: LocatedEntry): Found[] {
  return itemsOf(value).flatMap((block) =>
    entriesOf(block).flatMap((named) =>
      itemsOf(named.value).map((body) => {
        const lines = entriesOf(body).map((field) => `${assignment(field, '  ')}\n`);
        return { at: startOf(named), text: `${key}_prefix ${JSON.stringify(named.key)} {\n${lines.join('')}}` };
      }),
    ),
  );
}

function assignment({ key, value }: LocatedEntry, indent: string): string {
  const text = value.type === 'string' ? value.value : value.type === 'number' ? String(value.value) : '';
  return `${indent}${key} = ${JSON.stringify(text)}`;
}

const itemsOf = (value: Located): readonly Located[] => (value.type === 'list' ? value.items : [value]);
const entriesOf = (value: Located): readonly LocatedEntry[] => (value.type === 'map' ? value.entries : []);
const startOf = (entry: LocatedEntry): number => entry.keyRange?.start ?? 0;

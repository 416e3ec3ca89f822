import { type Diagnostic, errorAt, warningAt } from '../base/diagnostic.ts';
import type { Range } from '../base/source.ts';
import type { Located, LocatedEntry, LocatedMap } from './located.ts';

/**
 * A spot in a manifest. Decoded values carry no positions; checks that come after decoding name the spot they speak of, and
 * only a problem makes anyone look up where it is written.
 */
export interface Place {
  readonly root: LocatedMap;
  readonly path: readonly (string | number)[];
}

export function under(place: Place, ...steps: (string | number)[]): Place {
  return { root: place.root, path: [...place.path, ...steps] };
}

/** What stands there, or undefined. */
export function valueAt(place: Place): Located | undefined {
  const { value, depth } = follow(place);
  return depth === place.path.length ? value : undefined;
}

/** Range of the value there; of the nearest value around it if there is none. */
export function rangeAt(place: Place): Range | undefined {
  return follow(place).value.range;
}

/** Range of the key that leads there; as `rangeAt` for a list item. */
export function keyRangeAt(place: Place): Range | undefined {
  const { entry, depth } = follow(place);
  return depth === place.path.length && entry?.keyRange ? entry.keyRange : rangeAt(place);
}

/** In the notation of Kubernetes' own messages: `spec.template.metadata.annotations[example.com/a]`. */
export function pathTo(place: Place): string {
  return place.path.reduce<string>((text, step) => {
    if (typeof step === 'number' || !/^[\w-]+$/.test(step)) return `${text}[${step}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}

export function errorHere(place: Place, summary: string, more: Partial<Diagnostic> = {}): Diagnostic {
  return errorAt(rangeAt(place), summary, { path: pathTo(place), ...more });
}

export function warningHere(place: Place, summary: string, more: Partial<Diagnostic> = {}): Diagnostic {
  return warningAt(rangeAt(place), summary, { path: pathTo(place), ...more });
}

/** As `errorHere`, pointing at the key: the key is wrong, or what stands under it may be a page of values. */
export function errorAtKey(place: Place, summary: string, more: Partial<Diagnostic> = {}): Diagnostic {
  return errorAt(keyRangeAt(place), summary, { path: pathTo(place), ...more });
}

export function warningAtKey(place: Place, summary: string, more: Partial<Diagnostic> = {}): Diagnostic {
  return warningAt(keyRangeAt(place), summary, { path: pathTo(place), ...more });
}

/** Range of `[start, end)` of the string there, or of the whole of it when escapes or folding make the two differ. */
export function rangeInside(place: Place, start: number, end: number): Range | undefined {
  const value = valueAt(place);
  const whole = rangeAt(place);
  if (value?.type !== 'string' || !whole) return whole;
  const text = whole.source.text.slice(whole.start, whole.end);
  const quote = text.startsWith('"') || text.startsWith("'") ? 1 : 0;
  if (!text.startsWith(value.value, quote)) return whole;
  return { source: whole.source, start: whole.start + quote + start, end: whole.start + quote + end };
}

/** The deepest value on the way, the entry that holds it, and how many steps led there. */
function follow(place: Place): { value: Located; entry?: LocatedEntry; depth: number } {
  let found: { value: Located; entry?: LocatedEntry; depth: number } = { value: place.root, depth: 0 };
  for (const step of place.path) {
    const { value, depth } = found;
    if (typeof step === 'number') {
      const item = value.type === 'list' ? value.items[step] : undefined;
      if (!item) return found;
      found = { value: item, depth: depth + 1 };
    } else {
      const entry = value.type === 'map' ? value.entries.find((e) => e.key === step) : undefined;
      if (!entry) return found;
      found = { value: entry.value, entry, depth: depth + 1 };
    }
  }
  return found;
}

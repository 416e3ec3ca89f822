import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseAllDocuments,
  type Scalar,
  type YAMLMap,
  type YAMLParseError,
} from 'yaml';
import { type Diagnostic, errorAt, warningAt } from '../base/diagnostic.ts';
import type { Range, Source } from '../base/source.ts';
import { didYouMean } from '../base/suggest.ts';
import type { Located, LocatedEntry, LocatedMap } from '../schema/located.ts';

export interface YamlDocument {
  /** As much of the value as could be understood. */
  readonly value: Located;
  /** False when what is missing in it is the fault of an error that is reported already: look for no others. */
  readonly valid: boolean;
}

export interface YamlFile {
  /** Documents that hold something; a separator with nothing but comments behind it holds nothing. */
  readonly documents: readonly YamlDocument[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Nodes that aliases may add to one document. A few nested aliases can stand for billions of nodes; real manifests repeat
 * a label set here and there.
 */
export const MAX_ALIASED_NODES = 100_000;

/** Types of YAML 1.1 that Kubernetes reads as plain text, and the merge key, which is resolved here with its place. */
const NOT_TYPED = new Set(['timestamp', 'binary', 'omap', 'pairs', 'set', 'merge'].map((name) => `tag:yaml.org,2002:${name}`));

/**
 * Reads every document of a YAML (or JSON) text, going on after errors. The dialect is the one of Kubernetes: YAML 1.1, in
 * which `yes` is a bool and `0644` is octal, but without dates and base-60 numbers, and with merge keys.
 */
export function parseYaml(source: Source): YamlFile {
  const diagnostics: Diagnostic[] = [];
  const documents: YamlDocument[] = [];
  try {
    const parsed = parseAllDocuments(source.text, {
      version: '1.1',
      // Reported here instead, with the place of the first one.
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'silent',
      customTags: (tags) => tags.filter((tag) => typeof tag === 'string' || !(NOT_TYPED.has(tag.tag) || tag.format === 'TIME')),
    });
    for (const document of 'empty' in parsed ? [] : parsed) {
      const reader = new Reader(source);
      for (const { pos, message } of document.warnings) {
        diagnostics.push(warningAt({ source, start: pos[0], end: pos[1] }, lowerFirst(message)));
      }
      const value = document.contents === null ? undefined : reader.value(document.contents as Node);
      // Several errors at one spot are one mistake; the first says the most. A line that begins too far left is one, too,
      // though everything after it is at odds with it.
      const spots = new Map(document.errors.toReversed().map((error) => [error.code === 'BAD_INDENT' ? error.code : error.pos[0], error]));
      const syntax = [...spots.values()].toReversed().map((error) => syntaxError(source, error, reader.lastQuoted));
      diagnostics.push(...(syntax.length > 0 ? syntax : reader.errors));
      // `---` followed by comments is a null without any text.
      if (value !== undefined && value.type !== 'null') documents.push({ value, valid: syntax.length === 0 && !reader.incomplete });
    }
  } catch (error) {
    // The library recurses over nested values; the stack is the only limit it knows.
    if (!(error instanceof RangeError)) throw error;
    diagnostics.push(errorAt({ source, start: 0, end: 1 }, 'the values are nested too deeply to be read'));
  }
  return { documents, diagnostics };
}

function syntaxError(source: Source, error: YAMLParseError, lastQuoted: Range | undefined): Diagnostic {
  const [start, end] = error.pos;
  // A quote that is never closed swallows the rest of the file; the end of it is no place to look at.
  if (error.code === 'MISSING_CHAR' && error.message.includes('quote') && lastQuoted) {
    return errorAt({ ...lastQuoted, end: lastQuoted.start + 1 }, 'invalid YAML: this quote is never closed');
  }
  const range = { source, start, end: Math.max(end, start + 1) };
  // A template's `{{ … }}` is a broken flow map to YAML, and none of the errors says what the matter is.
  const advice = source.text.includes('{{') ? 'this looks like a template; render it first (`helm template …`)' : ADVICE[error.code];
  return errorAt(range, `invalid YAML: ${lowerFirst(error.message)}`, advice === undefined ? {} : { hint: advice });
}

const ADVICE: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'write spaces: two for each level',
  BAD_INDENT: 'begin it below the first letter of the keys that it stands beside',
  BLOCK_IN_FLOW: 'what stands between { } or [ ] has commas, no lines of its own',
  MULTIPLE_DOCS: 'put --- between documents',
};

/** Turns the library's nodes into located values, following aliases and merge keys. One per document: anchors end with it. */
class Reader {
  readonly errors: Diagnostic[] = [];
  /** Values are missing because of the errors. */
  incomplete = false;
  lastQuoted: Range | undefined;
  readonly #source: Source;
  /** By name, the latest one: an anchor may be given again. Undefined while its own value is being read. */
  readonly #anchors = new Map<string, Located | undefined>();
  readonly #sizes = new WeakMap<Located, number>();
  #aliased = 0;

  constructor(source: Source) {
    this.#source = source;
  }

  value(node: Node | null): Located {
    if (node !== null && isAlias(node)) return this.#alias(node.source, this.#range(node));
    const anchor = node !== null && 'anchor' in node ? node.anchor : undefined;
    if (anchor !== undefined) this.#anchors.set(anchor, undefined);
    const value = this.#content(node);
    this.#sizes.set(value, sizeOf(value, this.#sizes));
    if (anchor !== undefined) this.#anchors.set(anchor, value);
    return value;
  }

  #content(node: Node | null): Located {
    const range = this.#range(node);
    if (isMap(node)) return this.#map(node, range);
    if (isSeq(node)) return { type: 'list', items: node.items.map((item) => this.value(item as Node | null)), ...range };
    if (isScalar(node)) {
      if (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE') this.lastQuoted = range.range;
      return scalar(node, range);
    }
    return { type: 'null', ...range };
  }

  #map(node: YAMLMap, range: { range?: Range }): LocatedMap {
    const own = new Map<string, LocatedEntry>();
    const merged = new Map<string, LocatedEntry>();
    for (const pair of node.items as Pair<Node | null, Node | null>[]) {
      const key = this.#key(pair.key);
      if (key === undefined) continue;
      const value = this.value(pair.value);
      if (key.merge) this.#merge(value, pair.value, merged);
      else this.#add(own, { key: key.text, value, ...(key.range ? { keyRange: key.range } : {}) });
    }
    // What is written here wins over what is merged in, wherever the merge key stands.
    const inherited = [...merged.values()].filter((entry) => !own.has(entry.key));
    return { type: 'map', entries: [...own.values(), ...inherited], ...range };
  }

  #key(node: Node | null): { text: string; merge: boolean; range?: Range } | undefined {
    const range = this.#range(node);
    if (node !== null && isAlias(node)) {
      const target = this.#alias(node.source, range);
      if (target.type === 'string') return { text: target.value, merge: false, ...range };
    } else if (isScalar(node) && node.value !== null) {
      const text = typeof node.value === 'string' ? node.value : (node.source ?? '');
      return { text, merge: text === '<<' && node.type === 'PLAIN', ...range };
    }
    this.errors.push(errorAt(range.range, 'a key must be a string'));
    return undefined;
  }

  #add(entries: Map<string, LocatedEntry>, entry: LocatedEntry): void {
    const first = entries.get(entry.key);
    if (!first) {
      entries.set(entry.key, entry);
      return;
    }
    const related = first.keyRange ? { related: { range: first.keyRange, message: 'first given here' } } : {};
    this.errors.push(errorAt(entry.keyRange, `the key ${JSON.stringify(entry.key)} is given more than once`, related));
  }

  #merge(value: Located, node: Node | null, into: Map<string, LocatedEntry>): void {
    // Of several maps, the earlier one wins.
    for (const map of value.type === 'list' ? value.items : [value]) {
      if (map.type !== 'map') {
        this.incomplete = true;
        this.errors.push(errorAt(this.#range(node).range, 'a merge key (<<) needs a map, or a list of maps'));
        return;
      }
      for (const entry of map.entries) if (!into.has(entry.key)) into.set(entry.key, entry);
    }
  }

  #alias(name: string, range: { range?: Range }): Located {
    const target = this.#anchors.get(name);
    if (target === undefined) {
      this.incomplete = true;
      const summary = this.#anchors.has(name) ? `the alias *${name} stands inside of its own value` : `there is no anchor &${name}`;
      this.errors.push(errorAt(range.range, summary, this.#anchors.has(name) ? {} : didYouMean(name, this.#anchors.keys())));
      return { type: 'null', ...range };
    }
    const before = this.#aliased;
    this.#aliased += this.#sizes.get(target) ?? 1;
    if (this.#aliased <= MAX_ALIASED_NODES) return target;
    this.incomplete = true;
    if (before <= MAX_ALIASED_NODES) {
      this.errors.push(
        errorAt(range.range, `aliases make this document too large: more than ${MAX_ALIASED_NODES} values`, {
          detail: 'nested aliases multiply; this is how small files are made to fill the memory',
        }),
      );
    }
    return { type: 'null', ...range };
  }

  #range(node: Node | null): { range?: Range } {
    if (!node?.range) return {};
    const [start, end] = node.range;
    return { range: { source: this.#source, start, end } };
  }
}

function scalar(node: Scalar, range: { range?: Range }): Located {
  const { value } = node;
  if (typeof value === 'boolean') return { type: 'bool', value, ...range };
  if (typeof value === 'string') return { type: 'string', value, ...range };
  if (typeof value === 'number' || typeof value === 'bigint') {
    return { type: 'number', value, raw: node.source ?? String(value), ...range };
  }
  return { type: 'null', ...range };
}

/** Values in a tree, itself included; those below are known already. */
function sizeOf(value: Located, sizes: WeakMap<Located, number>): number {
  const children = value.type === 'list' ? value.items : value.type === 'map' ? value.entries.map((entry) => entry.value) : [];
  return children.reduce((sum, child) => sum + (sizes.get(child) ?? 1), 1);
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

import type { Range } from '../base/source.ts';
import { parseImage } from '../images/builtin.ts';

/** A local program that stands for images: a block `image` of a configuration file (src/app/settings). */
export interface ImageMapping {
  /** As written: a reference, a repository without a tag (any tag), or with `*` for any characters but "/". */
  readonly pattern: string;
  /** Program and arguments; at least the program. */
  readonly command: readonly string[];
  /** Absolute. */
  readonly workingDirectory: string;
  readonly env: Readonly<Record<string, string>>;
  /** Ports that the program listens on. */
  readonly ports: readonly number[];
  /** Where it is written. */
  readonly range?: Range;
}

/**
 * The mapping of an image. An exact reference beats a pattern; of patterns, the one with more characters that are not `*`, so
 * that `acme/api:v1.*` beats `acme/api`, and that `acme/*`. Of equals the first one: a project's come before the user's.
 */
export function mappingOf(reference: string, mappings: readonly ImageMapping[]): ImageMapping | undefined {
  let best: { readonly mapping: ImageMapping; readonly rank: number } | undefined;
  for (const mapping of mappings) {
    const rank = rankOf(reference, mapping.pattern);
    if (rank > (best?.rank ?? 0)) best = { mapping, rank };
  }
  return best?.mapping;
}

/** How closely a pattern describes an image; 0: not at all. */
function rankOf(reference: string, pattern: string): number {
  if (pattern === reference) return Number.POSITIVE_INFINITY;
  const image = parseImage(reference);
  const wanted = parseImage(pattern);
  const anyTag = !/:[^/]*$/.test(pattern);
  if (!matches(shortName(image.name), shortName(wanted.name)) || !(anyTag || matches(image.tag, wanted.tag))) return 0;
  const exact = !anyTag && !pattern.includes('*');
  return exact ? Number.MAX_SAFE_INTEGER : 1 + pattern.replaceAll('*', '').length;
}

/** `library/nginx` is `nginx`. */
const shortName = (name: string): string => name.replace(/^library\//, '');

function matches(text: string, pattern: string): boolean {
  if (!pattern.includes('*')) return text === pattern;
  const source = pattern
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('[^/]*');
  return new RegExp(`^${source}$`).test(text);
}

import type { Range } from '../base/source.ts';
import { didYouMean } from '../base/suggest.ts';
import { fieldNamed, snakeCase } from '../entries/key-names.ts';
import { LenientDecoder } from '../entries/lenient.ts';
import type { Problem } from '../entries/problem.ts';
import { problem } from '../entries/problem.ts';
import type { Located, LocatedMap } from '../schema/located.ts';
import { FILE_FIELDS, type RawConfig } from './file-schema.ts';

/** One file, or what stands for one: a `-hcl` fragment, the flags. */
export interface ConfigSource {
  readonly config: RawConfig;
  /** Where values stand, by path. */
  readonly ranges: ReadonlyMap<string, Range>;
  /** `config_entries { bootstrap }`, as written. */
  readonly entries: readonly LocatedMap[];
}

/**
 * Decodes a file as Consul's agent does: keys in any spelling of their name, values of exactly the type of their field. All
 * problems at once; what is decoded is complete only if there are none.
 */
export function decodeConfigFile(file: LocatedMap): ConfigSource & { readonly problems: readonly Problem[] } {
  const decoder = new LenientDecoder((path) => `invalid config key ${path}`, { strict: true });
  const known = file.entries.filter(({ key }) => fieldNamed(key, TOP_LEVEL) !== undefined);
  const unknown = file.entries.filter((entry) => !known.includes(entry));
  const config = decoder.object({ ...file, entries: known }, FILE_FIELDS, '') as RawConfig;
  const foreign = unknown.map(({ key, keyRange }) =>
    problem('listed', '', `invalid config key ${key}`, { at: keyRange, ...didYouMean(snakeCase(key), TOP_LEVEL) }),
  );
  return { config, ranges: decoder.ranges, entries: bootstrapOf(file), problems: [...foreign, ...decoder.problems] };
}

const TOP_LEVEL = Object.keys(FILE_FIELDS);

function bootstrapOf({ entries }: LocatedMap): LocatedMap[] {
  const under = (maps: readonly LocatedMap[], name: string): LocatedMap[] =>
    maps.flatMap((map) => map.entries.filter(({ key }) => snakeCase(key) === name)).flatMap(({ value }) => mapsOf(value));
  return under(under([{ type: 'map', entries }], 'config_entries'), 'bootstrap');
}

function mapsOf(value: Located): LocatedMap[] {
  if (value.type === 'list') return value.items.flatMap(mapsOf);
  return value.type === 'map' ? [value] : [];
}

import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Diagnostic, hasErrors } from '../../base/diagnostic.ts';
import type { Source } from '../../base/source.ts';
import { snakeCase } from '../../entries/key-names.ts';
import { allKindNames } from '../../entries/table.ts';
import { consulSyntaxError, decodeConsulText } from '../../hcl/hcl1/index.ts';
import { readJson } from '../../hcl/json.ts';
import { type Located, type LocatedEntry, type LocatedMap, mapsIn } from '../../schema/located.ts';
import type { Io } from '../io.ts';
import { Failure } from './command.ts';
import { loadEntryFile } from './entry-file.ts';

/** An entry as written, not decoded yet. */
export interface WrittenEntry {
  /** Its file, as people call it. */
  readonly file: string;
  /** Absolute; absent for standard input. */
  readonly path?: string;
  readonly payload: LocatedMap;
}

/** A file with what is wrong with its text. */
interface ReadSource {
  readonly entries: readonly WrittenEntry[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads the entries of files, of folders with all below them (`*.hcl`, `*.json`), and of standard input for `-`. */
export async function loadEntrySet(paths: readonly string[], io: Io): Promise<WrittenEntry[]> {
  const found: WrittenEntry[] = [];
  for (const path of paths) {
    const folder = path !== '-' && (await isFolder(path, io));
    for (const file of folder ? await filesBelow(path, io) : [path]) {
      const source = await loadEntryFile(file, io);
      const { entries, diagnostics } = readEntries(source);
      if (hasErrors(diagnostics)) throw syntaxFailure(source, diagnostics);
      if (entries.length === 0 && !folder) throw new Failure(`${source.name}: there is no config entry in it`);
      if (entries.length === 0) io.err(`${file}: there is no config entry in it\n`);
      found.push(...entries.map((one) => ({ ...one, ...(source.path === undefined ? {} : { path: source.path }) })));
    }
  }
  return found;
}

function syntaxFailure(source: Source, diagnostics: readonly Diagnostic[]): Failure {
  const first = diagnostics.find((one) => one.severity === 'error');
  return new Failure(`${source.name}: ${consulSyntaxError(source) ?? first?.summary}`);
}

/**
 * One entry with its Kind; several documents behind `---` lines; a JSON list; `config_entries { bootstrap = […] }` of an agent;
 * or blocks by kind: `service-defaults "web" { … }`.
 */
export function readEntries(source: Source): ReadSource {
  const text = source.text.trimStart();
  if (text.startsWith('[')) {
    const { value, diagnostics } = readJson(source);
    return { entries: value ? inside(value, source.name) : [], diagnostics };
  }
  const read = documents(source).map((document) => decodeConsulText(document));
  return {
    entries: read.flatMap(({ value }) => inside(value, source.name)),
    diagnostics: read.flatMap(({ diagnostics }) => diagnostics),
  };
}

/** Each with the places of the whole text: what belongs to the others is blank. */
function documents(source: Source): Source[] {
  const lines = source.text.split('\n');
  const starts = lines.flatMap((line, i) => (/^---\s*$/.test(line) ? [i] : []));
  if (starts.length === 0) return [source];
  const ends = [...starts, lines.length];
  return ends.map((end, i) => {
    const from = i === 0 ? 0 : ends[i - 1]! + 1;
    const text = lines.map((line, at) => (at >= from && at < end ? line : ' '.repeat(line.length))).join('\n');
    return { ...source, text };
  });
}

function inside(value: Located, file: string): WrittenEntry[] {
  if (value.type === 'list') return value.items.flatMap((item) => inside(item, file));
  if (value.type !== 'map' || value.entries.length === 0) return [];
  if (value.entries.some(({ key }) => key.toLowerCase() === 'kind')) return [{ file, payload: value }];
  const ofAgent = value.entries.filter(({ key }) => snakeCase(key) === 'config_entries');
  if (ofAgent.length > 0) {
    const bootstrap = ofAgent.flatMap((entry) => fieldsOf(entry.value)).filter(({ key }) => snakeCase(key) === 'bootstrap');
    return bootstrap.flatMap((entry) => inside(entry.value, file));
  }
  return value.entries.flatMap((entry) => labelled(entry, file));
}

/** `service-defaults "web" { … }`, once or repeated. */
function labelled({ key, keyRange, value }: LocatedEntry, file: string): WrittenEntry[] {
  const kind = key.toLowerCase().replaceAll('_', '-');
  if (!allKindNames().includes(kind)) return [];
  const range = keyRange ? { range: keyRange } : {};
  return fieldsOf(value).flatMap((name) =>
    mapsIn(name.value).map((map): WrittenEntry => {
      const at = name.keyRange ? { range: name.keyRange } : {};
      const head: LocatedEntry[] = [
        { key: 'Kind', value: { type: 'string', value: kind, ...range } },
        { key: 'Name', value: { type: 'string', value: name.key, ...at } },
      ];
      return { file, payload: { ...map, entries: [...head, ...map.entries] } };
    }),
  );
}

const fieldsOf = (value: Located): LocatedEntry[] => mapsIn(value).flatMap((map) => map.entries);

export async function isFolder(path: string, io: Io): Promise<boolean> {
  return (await stat(resolve(io.cwd, path)).catch(() => undefined))?.isDirectory() ?? false;
}

/** In order of their names; hidden ones are left out. */
export async function filesBelow(folder: string, io: Io, names = /\.(hcl|json)$/): Promise<string[]> {
  const found = await readdir(resolve(io.cwd, folder), { withFileTypes: true });
  const visible = found.filter(({ name }) => !name.startsWith('.')).sort((a, b) => (a.name < b.name ? -1 : 1));
  const lists = await Promise.all(
    visible.map(async (one) => {
      const path = join(folder, one.name);
      if (one.isDirectory()) return await filesBelow(path, io, names);
      return names.test(one.name) ? [path] : [];
    }),
  );
  return lists.flat();
}

import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type ConfigSource, decodeConfigFile } from '../../agent-config/decode.ts';
import { type Diagnostic, warningAt } from '../../base/diagnostic.ts';
import { messageOf, systemCode } from '../../base/errors.ts';
import type { Source } from '../../base/source.ts';
import { consulErrorText } from '../../entries/problem.ts';
import type { LocatedMap } from '../../schema/located.ts';
import { goErrno } from '../consul/go-errors.ts';

export type ConfigFormat = 'hcl' | 'json';

/** A configuration that an agent does not start with. The message is Consul's, without the words before it. */
export class ConfigRefused extends Error {
  /** The same with places, for people. */
  readonly diagnostics: readonly Diagnostic[];

  constructor(message: string, diagnostics: readonly Diagnostic[] = []) {
    super(message);
    this.diagnostics = diagnostics;
  }
}

export interface ReadFiles {
  readonly sources: readonly ConfigSource[];
  readonly warnings: readonly Diagnostic[];
  /** Absolute paths that were read, folders as folders. */
  readonly paths: readonly string[];
}

/**
 * Reads files and the files of folders, in the order given; in a folder by name, without its folders. Only `.hcl` and `.json`
 * count, unless a format is given for all. Rejects with a ConfigRefused.
 */
export async function readConfigFiles(paths: readonly string[], format: ConfigFormat | undefined, cwd: string): Promise<ReadFiles> {
  const warnings: Diagnostic[] = [];
  const sources: ConfigSource[] = [];
  for (const file of (await Promise.all(paths.map((path) => filesAt(path, format, cwd)))).flat()) {
    const as = format ?? formatOf(file);
    if (as === undefined) {
      const text = `skipping file ${file}, extension must be .hcl or .json, or config format must be set`;
      warnings.push(warningAt(undefined, text));
      continue;
    }
    const text = await readFile(resolve(cwd, file), 'utf8').catch((error: unknown) => {
      throw new ConfigRefused(`config: ReadFile failed on ${file}: open ${file}: ${reasonOf(error)}`);
    });
    const decoded = await decodeText({ name: file, text }, as);
    sources.push(decoded);
    warnings.push(...decoded.warnings);
  }
  return { sources, warnings, paths: paths.map((path) => resolve(cwd, path)) };
}

async function filesAt(path: string, format: ConfigFormat | undefined, cwd: string): Promise<string[]> {
  const at = resolve(cwd, path);
  try {
    if (!(await stat(at)).isDirectory()) return [path];
    const entries = await readdir(at, { withFileTypes: true });
    const names = entries.filter((entry) => !entry.isDirectory() && (format ?? formatOf(entry.name))).map(({ name }) => name);
    const files = names.toSorted().map((name) => join(path, name));
    const sizes = await Promise.all(files.map(async (file) => (await stat(resolve(cwd, file))).size));
    return files.filter((_, i) => sizes[i] !== 0);
  } catch (error) {
    throw new ConfigRefused(`config: Open failed on ${path}. open ${path}: ${reasonOf(error)}`);
  }
}

function formatOf(file: string): ConfigFormat | undefined {
  if (file.endsWith('.hcl')) return 'hcl';
  return file.endsWith('.json') ? 'json' : undefined;
}

const reasonOf = (error: unknown): string => goErrno(systemCode(error) ?? '') ?? messageOf(error);

/** Rejects with a ConfigRefused, in Consul's words. The parsers are loaded when there is something to parse. */
export async function decodeText(
  source: Source,
  format: ConfigFormat,
): Promise<ConfigSource & { readonly warnings: readonly Diagnostic[] }> {
  const { value, error, diagnostics } = format === 'json' ? await parseJson(source) : await parseHcl(source);
  const failed = `failed to parse ${source.name}: `;
  if (error !== undefined) throw new ConfigRefused(failed + error, diagnostics);
  const { problems, ...decoded } = decodeConfigFile(value);
  const wrong = consulErrorText(problems);
  if (wrong !== '') throw new ConfigRefused(failed + wrong, problems);
  return { ...decoded, warnings: problems };
}

interface Parsed {
  readonly value: LocatedMap;
  /** Consul's words for what is wrong. */
  readonly error: string | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

async function parseJson(source: Source): Promise<Parsed> {
  // Consul's reader takes it for HCL, in which nothing is no settings.
  if (source.text.trim() === '') return { value: { type: 'map', entries: [] }, error: undefined, diagnostics: [] };
  const { readJson } = await import('../../hcl/json.ts');
  const { value, goError, diagnostics } = readJson(source);
  const map: LocatedMap = value?.type === 'map' ? value : { type: 'map', entries: [] };
  const notAnObject = value !== undefined && value.type !== 'map' && value.type !== 'null';
  const wrongType = notAnObject
    ? `json: cannot unmarshal ${goJsonType(value.type)} into Go value of type map[string]interface {}`
    : undefined;
  return { value: map, error: goError ?? wrongType, diagnostics };
}

const goJsonType = (type: string): string => (type === 'list' ? 'array' : type);

async function parseHcl(source: Source): Promise<Parsed> {
  const { consulSyntaxError, decodeHcl1 } = await import('../../hcl/hcl1/index.ts');
  const { value, diagnostics } = decodeHcl1(source);
  const own = diagnostics.find(({ severity }) => severity === 'error');
  return { value, error: consulSyntaxError(source) ?? own?.summary, diagnostics };
}

/** `flags-0.hcl`: how Consul calls the n-th `-hcl`. */
export const fragmentName = (n: number): string => `flags-${n}.hcl`;

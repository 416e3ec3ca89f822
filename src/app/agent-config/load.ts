import { buildSettings } from '../../agent-config/build.ts';
import type { ConfigSource } from '../../agent-config/decode.ts';
import type { RawConfig } from '../../agent-config/file-schema.ts';
import { mergeSources } from '../../agent-config/merge.ts';
import type { AgentSettings } from '../../agent-config/settings.ts';
import type { Diagnostic } from '../../base/diagnostic.ts';
import { consulErrorText } from '../../entries/problem.ts';
import { type ConfigFormat, ConfigRefused, decodeText, fragmentName, readConfigFiles } from './read.ts';

/** What the command line says; read again on each reload. */
export interface GivenConfig {
  /** Files and folders, as typed. */
  readonly paths: readonly string[];
  readonly format?: ConfigFormat;
  /** `-hcl`, each a text. */
  readonly fragments: readonly string[];
  /** Lists that flags give: before the files. */
  readonly lists: RawConfig;
  /** Other values of flags: they are stronger than files. */
  readonly values: RawConfig;
  readonly dev: boolean;
  /** As Consul: without `-dev` there must be a `data_dir`. */
  readonly needsDataDir: boolean;
  /** What relative paths begin at. */
  readonly cwd: string;
}

export interface LoadedSettings {
  readonly settings: AgentSettings;
  readonly warnings: readonly Diagnostic[];
  /** Absolute paths of files and folders that it came from. */
  readonly paths: readonly string[];
}

/** Reads and judges a configuration. Rejects with a ConfigRefused, in Consul's words. */
export async function loadSettings(given: GivenConfig): Promise<LoadedSettings> {
  const files = await readConfigFiles(given.paths, given.format, given.cwd);
  const fragments = await Promise.all(given.fragments.map((text, n) => decodeText({ name: fragmentName(n), text }, 'hcl')));
  const merged = mergeSources([flagSource(given.lists), ...files.sources, ...fragments, flagSource(given.values)]);
  const { settings, problems } = buildSettings(merged, given);
  const wrong = consulErrorText(problems);
  if (wrong !== '') throw new ConfigRefused(wrong, problems);
  return { settings, warnings: [...files.warnings, ...fragments.flatMap(({ warnings }) => warnings), ...problems], paths: files.paths };
}

const flagSource = (config: RawConfig): ConfigSource => ({ config, ranges: new Map(), entries: [] });

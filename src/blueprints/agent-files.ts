import { hasErrors } from '../base/diagnostic.ts';
import type { Source } from '../base/source.ts';
import type { Mount } from '../base/workload.ts';
import type { AgentConfig } from '../entries/agent-config.ts';
import { entryStart } from '../entries/entry-start.ts';
import type { EntryBase } from '../entries/kind.ts';
import type { LocatedMap } from '../schema/located.ts';
import { mountedFiles, readMounted } from './mounted-files.ts';
import type { LowerContext } from './resource-type.ts';

/**
 * What `consul agent` reads from these paths of a workload (a file as it is, of a folder `*.hcl` and `*.json`) and from texts
 * that it is given. They add up; later ones are stronger. What is wrong with them is reported.
 */
export async function readAgentConfig(
  { paths, texts = [] }: { readonly paths: readonly string[]; readonly texts?: readonly Source[] },
  mounts: readonly Mount[],
  context: LowerContext,
): Promise<AgentConfig> {
  const { decodeAgentConfig, mergeAgentConfigs } = await import('../entries/agent-config.ts');
  const configs: AgentConfig[] = [];
  for (const source of [...(await agentFiles(paths, mounts, context)), ...texts]) {
    const text = await parseConsul(source, context);
    if (!text) continue;
    const { config, calls, problems } = decodeAgentConfig(text);
    context.calls(calls);
    for (const { form: _, ...diagnostic } of problems) context.report(diagnostic);
    configs.push(config);
  }
  return mergeAgentConfigs(configs);
}

async function agentFiles(paths: readonly string[], mounts: readonly Mount[], context: LowerContext): Promise<Source[]> {
  const sources = new Map<string, Source>();
  for (const path of paths) {
    for (const file of await mountedFiles(path, mounts, context)) {
      if (sources.has(file.inside) || (file.inside !== path && !/\.(hcl|json)$/.test(file.inside))) continue;
      const source = await readMounted(file, context);
      if (source) sources.set(file.inside, source);
    }
  }
  return [...sources.values()];
}

/** Config entries that a workload writes when it starts, one a file: CENTRAL_CONFIG, CENTRAL_CONFIG_DIR. */
export async function readEntries(paths: readonly string[], mounts: readonly Mount[], context: LowerContext): Promise<EntryBase[]> {
  const entries: EntryBase[] = [];
  for (const path of paths) {
    for (const file of await mountedFiles(path, mounts, context)) {
      const source = await readMounted(file, context);
      const entry = source && (await entryIn(source, context));
      if (entry) entries.push(entry);
    }
  }
  return entries;
}

/** The config entry that a file of Consul's holds, in HCL or JSON. */
export async function entryIn(source: Source, context: LowerContext): Promise<EntryBase | undefined> {
  const text = await parseConsul(source, context);
  return text && reportedEntry(text, context);
}

/** A config entry, ready for the catalog; undefined after an error. */
export async function reportedEntry(text: LocatedMap, context: LowerContext): Promise<EntryBase | undefined> {
  const { prepareEntry } = await import('../entries/decode.ts');
  const { entry, problems } = prepareEntry(text);
  for (const { form: _, ...diagnostic } of problems) context.report(diagnostic);
  const at = entryStart(text);
  if (entry && at) context.writes(entry, at);
  return entry;
}

/** Reads Consul's HCL or JSON. */
export async function parseConsul(source: Source, context: LowerContext): Promise<LocatedMap | undefined> {
  const { decodeConsulText } = await import('../hcl/hcl1/index.ts');
  const { value, diagnostics } = decodeConsulText(source);
  for (const diagnostic of diagnostics) context.report(diagnostic);
  return hasErrors(diagnostics) ? undefined : value;
}

import { hasErrors } from '../base/diagnostic.ts';
import type { ServiceDefinition } from '../base/registration.ts';
import type { Source } from '../base/source.ts';
import type { Mount } from '../base/workload.ts';
import type { AgentConfig } from '../entries/agent-config.ts';
import type { EntryBase } from '../entries/kind.ts';
import type { LocatedMap } from '../schema/located.ts';
import { type MountedFile, mountedFiles, readMounted } from './mounted-files.ts';
import type { LowerContext } from './resource-type.ts';

const NOTHING: AgentConfig = { entries: [], services: [] };

/** What `consul agent` reads from these paths of a workload: a file as it is, of a folder `*.hcl` and `*.json`. Later files are stronger. */
export async function readAgentFiles(paths: readonly string[], mounts: readonly Mount[], context: LowerContext): Promise<AgentConfig> {
  let config = NOTHING;
  for (const path of paths) {
    const files = (await mountedFiles(path, mounts, context)).filter((file) => file.inside === path || isAgentFile(file.inside));
    for (const file of files) {
      const read = await decodeFile(file, context);
      config = { ...config, ...read, entries: [...config.entries, ...read.entries], services: [...config.services, ...read.services] };
    }
  }
  return config;
}

const isAgentFile = (path: string): boolean => /\.(hcl|json)$/.test(path);

async function decodeFile(file: MountedFile, context: LowerContext): Promise<AgentConfig> {
  const text = await parse(file, context);
  if (!text) return NOTHING;
  const { decodeAgentConfig } = await import('../entries/agent-config.ts');
  const { config, problems } = decodeAgentConfig(text);
  for (const { form: _, ...diagnostic } of problems) context.report(diagnostic);
  return config;
}

/** Service definitions in a file, or the files of a folder, that a workload names: SERVICE_CONFIG. */
export async function readServices(
  paths: readonly string[],
  mounts: readonly Mount[],
  context: LowerContext,
): Promise<ServiceDefinition[]> {
  return [...(await readAgentFiles(paths, mounts, context)).services];
}

/** Config entries that a workload writes when it starts, one a file: CENTRAL_CONFIG, CENTRAL_CONFIG_DIR. */
export async function readEntries(paths: readonly string[], mounts: readonly Mount[], context: LowerContext): Promise<EntryBase[]> {
  const { prepareEntry } = await import('../entries/decode.ts');
  const entries: EntryBase[] = [];
  for (const path of paths) {
    for (const file of await mountedFiles(path, mounts, context)) {
      const text = await parse(file, context);
      if (!text) continue;
      const { entry, problems } = prepareEntry(text);
      for (const { form: _, ...diagnostic } of problems) context.report(diagnostic);
      if (entry) entries.push(entry);
    }
  }
  return entries;
}

async function parse(file: MountedFile, context: LowerContext): Promise<LocatedMap | undefined> {
  const source: Source | undefined = await readMounted(file, context);
  if (!source) return undefined;
  const { decodeConsulText } = await import('../hcl/hcl1/index.ts');
  const { value, diagnostics } = decodeConsulText(source);
  for (const diagnostic of diagnostics) context.report(diagnostic);
  return hasErrors(diagnostics) ? undefined : value;
}

import { type Diagnostic, hasErrors } from '../../base/diagnostic.ts';
import type { Source } from '../../base/source.ts';
import type { LocatedMap } from '../../schema/located.ts';
import type { Io } from '../io.ts';
import { loadEntryFile } from './entry-file.ts';
import { filesBelow, isFolder, readEntries } from './entry-set.ts';

/** What files hold of config entries, each with its places. */
export interface LintFiles {
  readonly sources: readonly Source[];
  readonly payloads: readonly LocatedMap[];
  /** What is wrong with the texts themselves. */
  readonly diagnostics: readonly Diagnostic[];
  /** Files of folders without a config entry: blueprints, services, other manifests. */
  readonly others: readonly string[];
}

const FILES = /\.(hcl|json|ya?ml)$/;
const YAML = /\.ya?ml$/;

/** Reads files, folders with all below them, and standard input for `-`. Rejects with a Failure for what is not there. */
export async function readLintFiles(paths: readonly string[], io: Io): Promise<LintFiles> {
  const sources: Source[] = [];
  const payloads: LocatedMap[] = [];
  const diagnostics: Diagnostic[] = [];
  const others: string[] = [];
  for (const path of paths) {
    const folder = path !== '-' && (await isFolder(path, io));
    for (const file of folder ? await filesBelow(path, io, FILES) : [path]) {
      const source = await loadEntryFile(file, io);
      const read = YAML.test(file) || looksLikeYaml(source) ? await readResources(source) : readWritten(source);
      // A folder may hold files of other languages: what does not speak of a kind is none of ours.
      const foreign = folder && read.payloads.length === 0 && !(hasErrors(read.diagnostics) && SPEAKS_OF_KIND.test(source.text));
      if (foreign || (read.payloads.length === 0 && read.diagnostics.length === 0)) {
        others.push(source.name);
        continue;
      }
      sources.push(source);
      payloads.push(...read.payloads);
      diagnostics.push(...read.diagnostics);
    }
  }
  return { sources, payloads, diagnostics, others };
}

type Read = Pick<LintFiles, 'payloads' | 'diagnostics'>;

function readWritten(source: Source): Read {
  const { entries, diagnostics } = readEntries(source);
  return { payloads: entries.map(({ payload }) => payload), diagnostics };
}

/** Custom resources of consul-k8s. Other objects beside them are none of ours. */
async function readResources(source: Source): Promise<Read> {
  const [{ readManifests }, { entryObjects }, { entryPayload }] = await Promise.all([
    import('../../kube/read.ts'),
    import('../../kube/object.ts'),
    import('../../kube/config-entries.ts'),
  ]);
  const { objects, diagnostics } = readManifests([source]);
  const found = entryObjects(objects);
  if (found.length === 0) return { payloads: [], diagnostics: diagnostics.filter(({ severity }) => severity === 'error') };
  const wrong = [...diagnostics];
  return { payloads: found.flatMap((object) => entryPayload(object, '', wrong) ?? []), diagnostics: wrong };
}

/** Of standard input, which has no name that tells. */
const looksLikeYaml = ({ name, text }: Source): boolean => name === '<stdin>' && /^apiVersion:/m.test(text);

const SPEAKS_OF_KIND = /^\s*"?kind"?\s*[=:]/im;

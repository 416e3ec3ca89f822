import { diagnosticToJson, hasErrors } from '../../base/diagnostic.ts';
import { MeshError } from '../../base/errors.ts';
import type { DesiredGraph } from '../../blueprints/graph.ts';
import type { LoadResult } from '../../blueprints/load.ts';
import type { Files } from '../../blueprints/loaded.ts';
import type { LocatedBlueprint } from '../../blueprints/locate.ts';
import type { Input } from '../../commands/command.ts';
import { homeOf } from '../home.ts';
import type { Io } from '../io.ts';
import { readNow } from './bases.ts';
import { realFiles } from './files.ts';
import { locate } from './locate.ts';
import { givenValues } from './options.ts';
import { counted, countOf, showDiagnostics } from './report-diagnostics.ts';

/**
 * `mesh validate`: reads and checks a blueprint as `mesh run` does before anything starts, what runs already included, and
 * starts nothing. Exit code 3 if there are errors.
 */
export async function validate(input: Input, io: Io): Promise<number> {
  const home = homeOf(io.env, io.cwd);
  const reading = { given: givenValues(input, io.cwd), update: input.options['forceUpdate'] === true };
  const blueprint = await locate(input.args[0], home, io, reading);
  const read = new Set<string>();
  const { loaded } = await readNow(blueprint, home, io, { ...reading, files: noting(read) });
  const valid = !hasErrors(loaded.diagnostics);
  if (input.options['json'] === true) io.out(`${JSON.stringify(reportOf(blueprint, loaded, read.size), undefined, 2)}\n`);
  else await tell(blueprint, loaded, read.size, io);
  return valid ? 0 : 3;
}

/** The files of this machine; `read` gets the paths of those that were read. */
function noting(read: Set<string>): Files {
  return {
    ...realFiles,
    async read(path) {
      const text = await realFiles.read(path);
      read.add(path);
      return text;
    },
    readNow(path) {
      const text = realFiles.readNow(path);
      read.add(path);
      return text;
    },
  };
}

/** The stable `--json` form: docs/diagnostics.md. */
function reportOf({ id, name }: LocatedBlueprint, { graph, diagnostics }: LoadResult, files: number) {
  return {
    valid: graph !== undefined,
    blueprint: { id, name },
    ...(graph ? { resources: resourceCount(graph) } : {}),
    files,
    errors: countOf('error', diagnostics),
    warnings: countOf('warning', diagnostics),
    diagnostics: diagnostics.map(diagnosticToJson),
  };
}

async function tell({ shown }: LocatedBlueprint, { graph, diagnostics }: LoadResult, files: number, io: Io): Promise<void> {
  await showDiagnostics(diagnostics, io);
  const warnings = countOf('warning', diagnostics);
  const besides = warnings === 0 ? '' : `, ${counted(warnings, 'warning')}`;
  if (!graph) throw new MeshError('invalid', `${shown} is not valid: ${counted(countOf('error', diagnostics), 'error')}${besides}`);
  io.out(`${shown} is valid: ${counted(resourceCount(graph), 'resource')}, ${counted(files, 'file')} read${besides}\n`);
}

/** Those that wait for others to be applied count, too. */
const resourceCount = ({ resources, deferred = [] }: DesiredGraph): number => resources.length + deferred.length;

import type { Source } from '../../src/base/source.ts';
import { PURE_FUNCTIONS } from '../../src/hcl/hcl2/index.ts';
import { builtinImage } from '../../src/images/builtin.ts';
import { interpretJobs } from '../../src/nomad/interpret.ts';
import type { Interpretation, InterpretOptions } from '../../src/nomad/plan.ts';
import { readJobFile } from '../../src/nomad/read.ts';

export const OPTIONS: InterpretOptions = {
  node: 'dev-client',
  nomadDatacenter: 'dc1',
  clients: 1,
  resourceId: 'nomad_job.app',
  image: (name) => builtinImage(name) ?? { hint: `there is no ${name} here` },
};

/** What job files amount to, with all that is said of them. */
export function outputsOf(sources: readonly Source[], options = OPTIONS): Interpretation {
  const files = sources.map((source) => readJobFile(source, PURE_FUNCTIONS));
  const result = interpretJobs(
    files.flatMap(({ job }) => job ?? []),
    options,
  );
  return { ...result, diagnostics: [...files.flatMap(({ diagnostics }) => diagnostics), ...result.diagnostics] };
}

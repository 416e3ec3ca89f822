import type { Command } from './command.ts';
import { BLUEPRINT, FORCE_UPDATE, VARIABLES } from './reading.ts';

export const validate: Command = {
  name: 'validate',
  group: 'Environments',
  summary: 'Read and check a blueprint as `run` does, and start nothing',
  description:
    'Looks for the blueprint in the same places as `mesh run`, needs no agent, and reports all that is wrong in all of its files. ' +
    'What other blueprints have to bring is looked for among what runs. The exit code is 3 if there are errors.',
  args: [BLUEPRINT],
  options: [...VARIABLES, FORCE_UPDATE, { flags: '--json', doc: 'print the result, with every diagnostic, as JSON' }],
  examples: [
    ['mesh validate', 'the blueprint in this folder'],
    ['mesh validate ./shop --var region=eu', 'with a value for `variable "region"`'],
    [`mesh validate --json ./shop | jq -r '.diagnostics[] | "\\(.file):\\(.line): \\(.summary)"'`, 'one line for each problem'],
  ],
  exits: [[3, 'a file is wrong']],
  see: ['fmt', 'plan', 'config validate'],
  grammar: 'mesh',
  load: async () => (await import('../app/cli/validate.ts')).validate,
};

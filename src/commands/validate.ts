import type { Command } from './command.ts';

export const validate: Command = {
  name: 'validate',
  group: 'Environments',
  summary: 'Read and check a blueprint as `run` does, and start nothing',
  description:
    'Looks for the blueprint in the same places as `mesh run`, needs no agent, and reports all that is wrong in all of its files. ' +
    'What other blueprints have to bring is looked for among what runs. The exit code is 3 if there are errors.',
  args: [{ name: 'blueprint', doc: 'folder or .hcl file, the name of a shipped blueprint, or a git address' }],
  options: [
    { flags: '--var <name=value>', doc: 'value of a variable; repeatable', repeatable: true },
    { flags: '--vars-file <file>', doc: 'file with values of variables: name = value, one a line', repeatable: true },
    { flags: '--force-update', doc: 'fetch blueprints and modules that come from git again' },
    { flags: '--json', doc: 'print the result, with every diagnostic, as JSON' },
  ],
  examples: [
    ['mesh validate', 'the blueprint in this folder'],
    ['mesh validate ./shop --var region=eu', 'with a value for `variable "region"`'],
    [`mesh validate --json ./shop | jq -r '.diagnostics[] | "\\(.file):\\(.line): \\(.summary)"'`, 'one line for each problem'],
  ],
  grammar: 'mesh',
  load: async () => (await import('../app/cli/validate.ts')).validate,
};

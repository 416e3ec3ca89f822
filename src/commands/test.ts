import type { Command } from './command.ts';
import { FORCE_UPDATE, PORTS, VARIABLES } from './reading.ts';

export const test: Command = {
  name: 'test',
  group: 'Environments',
  summary: 'Run the feature files of a blueprint (Gherkin), each scenario in a mesh of its own',
  description:
    'Feature files are those of `<blueprint>/test`, or the ones named; `file.feature:12` is the scenario on that line. ' +
    "Steps are Shipyard's and Jumppad's, and further ones for calls, identities and configuration of the mesh (--steps). " +
    'Each scenario has its own home, agent and ports, and leaves nothing behind. Where a port of the blueprint is taken, another ' +
    'one is opened, and addresses in steps follow. Exit code 1 if a scenario fails, 3 if a file or the blueprint is wrong.',
  args: [
    {
      name: 'path',
      doc: 'a blueprint as for `mesh run` (default: this folder), or feature files, or both',
      variadic: true,
      completes: 'blueprint',
    },
  ],
  options: [
    { flags: '--tags <expression>', doc: 'scenarios with these tags: "@wip and not @slow"; "@wip,@new" is one of them' },
    {
      flags: '--test-folder <folder>',
      doc: 'where the feature files are, relative to the blueprint',
      default: 'test',
      completes: 'folder',
    },
    { flags: '--parallel <count>', doc: 'so many scenarios at a time', default: '1' },
    {
      flags: '--output <format>',
      doc: 'what to print: "spec" for people, "junit" (XML), or "json"',
      default: 'spec',
      choices: ['spec', 'junit', 'json'],
    },
    { flags: '--junit <file>', doc: 'write JUnit XML to a file as well', completes: 'file' },
    { flags: '--json', doc: 'the same as --output json' },
    { flags: '--dry-run', doc: 'run nothing: list the steps, and check that all are known', onlyTyped: 'nothing would be tested any more' },
    { flags: '--steps', doc: 'print every step that there is, with what it means', onlyTyped: 'nothing would be tested any more' },
    ...VARIABLES,
    { flags: '--step-timeout <duration>', doc: 'how long a step may wait for what it expects', default: '30s' },
    { flags: '--timeout <duration>', doc: 'how long a blueprint may take until it is ready', default: '60s' },
    { ...PORTS, default: 'auto' },
    { flags: '--dont-destroy', doc: 'leave the last scenario running, and say how to reach it', onlyTyped: 'it is meant for one run' },
    FORCE_UPDATE,
    { flags: '--purge', doc: 'fetch blueprints and modules anew for each scenario' },
  ],
  examples: [
    ['mesh test v2', 'all feature files of v2/test'],
    ['mesh test --tags @wip', 'of the blueprint in this folder, what is being worked on'],
    ['mesh test v2/test/v2.feature:12', 'one scenario'],
    ['mesh test v2 --parallel 4 --junit report.xml', 'for CI'],
    ['mesh test --steps', 'what one can write'],
  ],
  exits: [
    [1, 'a scenario failed'],
    [3, 'a file is wrong'],
  ],
  see: ['validate', 'run'],
  grammar: 'mesh',
  load: async () => (await import('../app/cli/test.ts')).test,
};

import type { Command } from './command.ts';
import { BLUEPRINT, FORCE_UPDATE, PORTS, REPLACE, VARIABLES } from './reading.ts';

export const plan: Command = {
  name: 'plan',
  group: 'Environments',
  summary: 'Show what `run` would do, and why; start nothing',
  description:
    'Reads the blueprint as `mesh run` does, compares it with what runs, and shows what would be created, changed, replaced and ' +
    'removed, with the attributes that are the reason. What a run would refuse is refused here: with the same message and exit code.',
  args: [BLUEPRINT],
  options: [
    ...VARIABLES,
    REPLACE,
    FORCE_UPDATE,
    PORTS,
    { flags: '--detailed-exitcode', doc: 'exit with 10 if there is something to do, with 0 if there is not' },
    { flags: '--json', doc: 'print the plan as JSON' },
    { flags: '-q, --quiet', doc: 'print nothing but errors' },
  ],
  examples: [
    ['mesh plan', 'for the blueprint in this folder'],
    ['mesh plan v2 --replace v1', 'what would take the place of v1'],
    ['mesh plan --detailed-exitcode --quiet', 'for scripts: the exit code is 10 if there is something to run'],
    [`mesh plan --json | jq -r '.changes[] | select(.action == "replace") | .key'`, 'what would be made anew'],
  ],
  exits: [
    [3, 'a file is wrong'],
    [10, 'there is something to do (--detailed-exitcode)'],
  ],
  see: ['run', 'validate'],
  grammar: 'mesh',
  load: async () => (await import('../app/cli/plan.ts')).plan,
};

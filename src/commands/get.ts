import type { Command } from './command.ts';

export const get: Command = {
  name: 'get',
  group: 'Environments',
  summary: 'Fetch a blueprint from a git repository without running it',
  description:
    'Prints the folder that it lies in. `mesh run` with the same address then needs no network. Needs git; ' +
    'what git asks for (passwords, host keys) must be answered beforehand.',
  args: [{ name: 'address', doc: 'github.com/org/repo//folder?ref=v1, git::https://…, git::ssh://…', required: true }],
  options: [{ flags: '--force-update', doc: 'fetch it again' }],
  examples: [
    ['mesh get github.com/org/blueprints//consul?ref=v1', 'a folder of a repository, at a branch, tag or commit'],
    ['mesh get git::ssh://git@example.com/team/blueprints.git', 'over SSH, with the keys of your agent'],
  ],
  see: ['run'],
  grammar: 'mesh',
  load: async () => (await import('../app/cli/get.ts')).get,
};

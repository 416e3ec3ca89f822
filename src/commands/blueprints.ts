import type { Command } from './command.ts';

export const blueprints: Command = {
  name: 'blueprints',
  group: 'Environments',
  summary: 'List the shipped blueprints, or copy one here to edit',
  options: [{ flags: '--json', doc: 'print the list as JSON' }],
  examples: [
    ['mesh blueprints', 'what comes with mesh'],
    ['mesh blueprints copy v2', 'make ./v2, which `mesh run v2` then takes'],
  ],
  see: ['run', 'get'],
  grammar: 'mesh',
  load: async () => (await import('../app/cli/blueprints.ts')).listBlueprints,
  subcommands: [
    {
      name: 'copy',
      group: 'Environments',
      summary: 'Copy a shipped blueprint into a folder',
      args: [
        { name: 'name', doc: 'a shipped blueprint', required: true, completes: 'shipped-blueprint' },
        { name: 'folder', doc: 'where to; ./<name> by default', completes: 'folder' },
      ],
      examples: [['mesh blueprints copy v2 my-mesh', 'into ./my-mesh']],
      grammar: 'mesh',
      load: async () => (await import('../app/cli/blueprints.ts')).copyBlueprint,
    },
  ],
};

import type { Command } from './command.ts';

export const ui: Command = {
  name: 'ui',
  group: 'Environments',
  summary: 'Open the dashboard in the browser',
  description:
    'Prints the address of the dashboard, with the token that lets it write, and opens it if there is a terminal. Without the token ' +
    'pages of a browser may read but change nothing. An agent makes another one each time it starts: call `mesh ui` again then.',
  options: [
    { flags: '--print', doc: 'print the address, open nothing' },
    { flags: '--json', doc: 'print it as JSON, open nothing' },
  ],
  examples: [
    ['mesh ui', 'topology, services, intentions, entries, blueprints, live'],
    ['mesh ui --print', 'the address, for another browser'],
  ],
  see: ['top', 'status'],
  grammar: 'mesh',
  load: async () => (await import('../app/cli/ui.ts')).ui,
};

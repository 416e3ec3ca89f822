import type { Argument, Command } from './command.ts';

const SHELL: Argument = { name: 'shell', doc: 'bash, zsh or fish (default: that of $SHELL)', choices: ['bash', 'zsh', 'fish'] };

export const completion: Command = {
  name: 'completion',
  group: 'Agent',
  summary: 'Let bash, zsh or fish complete commands, options and the names of what runs',
  description:
    'Prints what the shell has to read. It completes commands, options and their values, and names as they are at that moment: ' +
    'services, workloads, blueprints, resources, config entries, keys. What only an agent knows is left out where none answers at once.',
  args: [SHELL],
  examples: [
    ['mesh completion install', 'for your shell, from its next start on'],
    ['mesh completion bash', 'for eval "$(mesh completion bash)", in this shell only; zsh alike'],
    ['mesh completion fish | source', 'the same in fish'],
  ],
  grammar: 'mesh',
  withoutSettings: true,
  load: async () => (await import('../app/complete/command.ts')).printCompletion,
  subcommands: [
    {
      name: 'install',
      group: 'Agent',
      summary: 'Write it where the shell reads it at its start',
      description:
        'For bash and zsh a file in $XDG_DATA_HOME/mesh (~/.local/share/mesh), and a line in .bashrc or .zshrc that reads it; for fish ' +
        'a file among its completions. Installing it again changes nothing.',
      args: [SHELL],
      examples: [
        ['mesh completion install', 'for the shell of $SHELL'],
        ['mesh completion install zsh', 'for zsh'],
      ],
      grammar: 'mesh',
      withoutSettings: true,
      load: async () => (await import('../app/complete/command.ts')).installCompletion,
    },
    {
      name: 'uninstall',
      group: 'Agent',
      summary: 'Take the file and the line away again',
      args: [SHELL],
      examples: [['mesh completion uninstall', 'for the shell of $SHELL']],
      grammar: 'mesh',
      withoutSettings: true,
      load: async () => (await import('../app/complete/command.ts')).uninstallCompletion,
    },
  ],
};

import type { Command } from './command.ts';

export const check: Command = {
  name: 'check',
  aliases: ['doctor'],
  group: 'Environments',
  summary: 'Look whether this machine has what a mesh needs',
  description:
    'Node.js, the home folder, configuration files, loopback addresses, ports, limits, git and a browser. Changes nothing. The exit code is 1 if ' +
    'something keeps a mesh from running; warnings say what works without.',
  options: [{ flags: '--json', doc: 'print it as JSON' }],
  examples: [
    ['mesh check', 'OK, WARN or FAIL for each, and what to do'],
    [`mesh check --json | jq '.findings[] | select(.state != "ok")'`, 'only what is not as it should be'],
  ],
  grammar: 'mesh',
  withoutSettings: true,
  load: async () => (await import('../app/cli/check.ts')).check,
};

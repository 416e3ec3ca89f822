import type { Command } from './command.ts';

export const taint: Command = {
  name: 'taint',
  group: 'Environments',
  summary: 'Let the next run make a resource anew',
  description: 'Nothing happens to it now. The next `mesh run` of its blueprint replaces it, and what depends on it.',
  args: [
    { name: 'resource', doc: 'type and name: container.payments, or resource.container.payments', required: true, completes: 'resource' },
  ],
  options: [{ flags: '--json', doc: 'print the result as JSON' }],
  examples: [
    ['mesh taint container.payments', 'then: mesh run'],
    ['mesh taint k8s_config.web', 'all of its pods are new after the next run'],
  ],
  see: ['plan', 'run'],
  grammar: 'mesh',
  load: async () => (await import('../app/cli/taint.ts')).taint,
};

import type { Command } from './command.ts';

export const intention: Command = {
  name: 'intention',
  group: 'Consul',
  summary: 'Allow and deny calls between services: create, check, match, get, list, delete',
  examples: [
    ['mesh intention create -deny web payments', 'also ends connections that are open'],
    ['mesh intention check web payments', 'Allowed (exit 0) or Denied (exit 1)'],
    ['mesh intention list', ''],
    ['mesh intention delete web payments', ''],
  ],
  grammar: 'consul',
  load: async () => {
    const { intentionCommand } = await import('../app/consul/intention.ts');
    return (input, io) => intentionCommand([...input.args], io);
  },
};

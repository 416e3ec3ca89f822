import type { Command } from './command.ts';

export const config: Command = {
  name: 'config',
  group: 'Consul',
  summary: 'Read and write config entries: write, read, list, delete',
  examples: [
    ['mesh config write v2/consul_service/payments_defaults.hcl', 'from a file; `-` reads standard input'],
    ['mesh config read -kind service-defaults -name payments', 'as JSON'],
    ['mesh config list -kind service-defaults', 'names'],
    ['mesh config delete -kind service-defaults -name payments', ''],
  ],
  grammar: 'consul',
  load: async () => {
    const { configCommand } = await import('../app/consul/config.ts');
    return (input, io) => configCommand([...input.args], io);
  },
};

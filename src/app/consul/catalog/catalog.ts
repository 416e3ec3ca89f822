import type { CommandGroup } from '../command.ts';

/** Consul's `catalog`. */
export const catalog: CommandGroup = {
  name: 'catalog',
  description: 'Shows what is registered: datacenters, nodes and services.',
  examples: ['catalog datacenters', 'catalog nodes', 'catalog services'],
  commands: {
    datacenters: async () => (await import('./datacenters.ts')).catalogDatacenters,
    nodes: async () => (await import('./nodes.ts')).catalogNodes,
    services: async () => (await import('./services.ts')).catalogServices,
  },
};

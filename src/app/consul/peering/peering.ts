import type { CommandGroup } from '../command.ts';

/** Consul's `peering`. */
export const peering: CommandGroup = {
  name: 'peering',
  description: 'Connects clusters that stay independent: what one exports, services of the other can call.',
  examples: [
    'peering generate-token -name=other',
    'peering establish -name=this -peering-token=eyJDQSI6...',
    'peering list',
    'peering delete -name=other',
  ],
  connectError: 'Error connect to Consul agent',
  commands: {
    delete: async () => (await import('./delete.ts')).peeringDelete,
    establish: async () => (await import('./establish.ts')).peeringEstablish,
    'exported-services': async () => (await import('./exported-services.ts')).peeringExportedServices,
    'generate-token': async () => (await import('./generate-token.ts')).peeringGenerateToken,
    list: async () => (await import('./list.ts')).peeringList,
    read: async () => (await import('./read.ts')).peeringRead,
  },
};

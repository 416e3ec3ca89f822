import type { CommandGroup } from '../command.ts';

/** Consul's `services`. */
export const services: CommandGroup = {
  name: 'services',
  description: 'Registers and deregisters services at an agent, and exports them to other clusters. `catalog` shows what is registered.',
  examples: ['services register web.hcl', 'services deregister -id=web', 'services export -name=web -consumer-peers=other'],
  commands: {
    deregister: async () => (await import('./deregister.ts')).servicesDeregister,
    export: async () => (await import('./export.ts')).servicesExport,
    'exported-services': async () => (await import('./exported.ts')).servicesExported,
    'imported-services': async () => (await import('./imported.ts')).servicesImported,
    register: async () => (await import('./register.ts')).servicesRegister,
  },
};

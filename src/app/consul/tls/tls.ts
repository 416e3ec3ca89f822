import type { CommandGroup } from '../command.ts';

const ca: CommandGroup = {
  name: 'tls ca',
  synopsis: 'Make a CA for agents',
  description: 'Makes a CA for agents and their clients.',
  examples: ['tls ca create'],
  commands: { create: async () => (await import('./ca-create.ts')).tlsCaCreate },
};

const cert: CommandGroup = {
  name: 'tls cert',
  synopsis: 'Make certificates for agents and clients',
  description: 'Makes certificates for agents and their clients.',
  examples: ['tls cert create -server', 'tls cert create -cli'],
  commands: { create: async () => (await import('./cert-create.ts')).tlsCertCreate },
};

/** Consul's `tls`. */
export const tls: CommandGroup = {
  name: 'tls',
  description:
    'Makes the certificates that the API of an agent and its clients show each other. The certificates of sidecars need no command.',
  examples: ['tls ca create', 'tls cert create -server'],
  commands: { ca: () => Promise.resolve(ca), cert: () => Promise.resolve(cert) },
};

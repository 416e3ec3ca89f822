import type { CommandGroup } from '../command.ts';

const ca: CommandGroup = {
  name: 'connect ca',
  synopsis: 'Show and change the CA of sidecars',
  description: 'Shows and changes the configuration of the CA that signs the certificates of sidecars.',
  examples: ['connect ca get-config', 'connect ca set-config -config-file ca.json'],
  connectError: 'Error initializing client',
  commands: {
    'get-config': async () => (await import('./ca.ts')).caGetConfig,
    'set-config': async () => (await import('./ca.ts')).caSetConfig,
  },
};

/** Consul's `connect`. */
export const connect: CommandGroup = {
  name: 'connect',
  description: 'Works with the CA of sidecars, runs one alone, and opens ways into the mesh.',
  examples: ['connect ca get-config', 'connect expose -service web -ingress-gateway gateway -port 8080'],
  commands: {
    ca: () => Promise.resolve(ca),
    envoy: async () => (await import('./envoy.ts')).connectEnvoy,
    expose: async () => (await import('./expose.ts')).connectExpose,
    proxy: async () => (await import('./proxy/proxy.ts')).connectProxy,
  },
};

import type { CommandGroup } from '../command.ts';

/** Consul's `troubleshoot`, which asks the data plane of this home where Consul's asks an Envoy. */
export const troubleshoot: CommandGroup = {
  name: 'troubleshoot',
  description: 'Finds out why a service does not reach another, and which ports of an agent are open.',
  examples: [
    'troubleshoot upstreams -sidecar web',
    'troubleshoot proxy -sidecar web -upstream-envoy-id payments',
    'troubleshoot ports -host localhost',
  ],
  commands: {
    ports: async () => (await import('./ports.ts')).troubleshootPorts,
    proxy: async () => (await import('./proxy.ts')).troubleshootProxy,
    upstreams: async () => (await import('./upstreams.ts')).troubleshootUpstreams,
  },
};

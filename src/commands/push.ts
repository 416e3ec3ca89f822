import type { Command } from './command.ts';

export const push: Command = {
  name: 'push',
  group: 'Environments',
  summary: 'Say how an image gets into a cluster: without a push',
  description:
    'Shipyard and Jumppad copy an image of a container engine into a cluster. Here a cluster runs built-in images, and programs of ' +
    'this machine that a configuration file maps images to (docs/configuration.md): nothing has to be copied. The exit code is 1 ' +
    'for an image that is neither.',
  args: [
    { name: 'image', doc: 'image reference: nicholasjackson/fake-service:v0.24.2', required: true },
    { name: 'cluster', doc: 'the cluster: k8s_cluster.k3s', completes: 'cluster' },
  ],
  options: [
    { flags: '--force-update', doc: 'accepted; nothing is copied' },
    { flags: '--json', doc: 'print the result as JSON' },
  ],
  examples: [['mesh push nicholasjackson/fake-service:v0.24.2 k8s_cluster.k3s', 'nothing to do: it is built in']],
  grammar: 'mesh',
  load: async () => (await import('../app/cli/push.ts')).push,
};

import type { Command } from './command.ts';
import { PORTS } from './reading.ts';

export const scale: Command = {
  name: 'scale',
  group: 'Environments',
  summary: 'Change the number of pods of a deployment',
  description:
    'Pods that stay are not touched, and nothing else changes: neither files that were edited since nor values of variables ' +
    'play a part. The next `mesh run` goes back to the number in the manifest.',
  args: [
    {
      name: 'name=count',
      doc: 'a Deployment, ReplicaSet or StatefulSet and its number of pods, 0 to 500',
      required: true,
      variadic: true,
      completes: 'deployment',
    },
  ],
  options: [
    { flags: '--timeout <duration>', doc: 'give up waiting for readiness after this time', default: '60s' },
    PORTS,
    { flags: '--json', doc: 'print the result as JSON' },
    { flags: '-q, --quiet', doc: 'print nothing but errors' },
  ],
  examples: [
    ['mesh scale web=3', 'three pods of deployment web'],
    ['mesh scale web=0 statefulset/db=1', 'several at once; a kind tells equal names apart'],
  ],
  exits: [[5, 'not all got ready in time']],
  see: ['status', 'run'],
  grammar: 'mesh',
  load: async () => (await import('../app/cli/scale.ts')).scale,
};

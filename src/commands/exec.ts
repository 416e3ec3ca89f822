import type { Command } from './command.ts';

export const exec: Command = {
  name: 'exec',
  group: 'Environments',
  summary: 'Run a command beside a workload: with its environment, its files and its address',
  description:
    'Paths of its volumes, and addresses and names that only exist inside the mesh, are replaced in the arguments by those of this machine. Programs are those of this machine; `consul` is this mesh. Returns the exit code of the command.',
  args: [
    {
      name: 'name',
      doc: 'a workload (payments, container.payments), a pod (web-0), one of its containers (web-0/app), or a service',
      required: true,
      completes: ['workload', 'service'],
    },
    { name: 'command', doc: 'the command and its arguments, after "--"; a shell if there is none', variadic: true, completes: 'file' },
  ],
  options: [{ flags: '-c, --container <name>', doc: 'which container of a pod' }],
  examples: [
    ['mesh exec payments', 'a shell'],
    ['mesh exec payments -- cat /config/payments.hcl', 'a file of its volume'],
    ['mesh exec web-0 -c web -- curl -s localhost:9091', 'through its sidecar'],
  ],
  exits: [[1, 'nothing is called that; else that of the command']],
  see: ['logs', 'status'],
  grammar: 'mesh',
  load: async () => (await import('../app/cli/exec.ts')).exec,
};

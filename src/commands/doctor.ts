import type { Command } from './command.ts';

export const doctor: Command = {
  name: 'doctor',
  aliases: ['check'],
  group: 'Environments',
  summary: 'Look what is wrong: with this machine, with what runs, with the mesh',
  description:
    'Before a mesh runs: Node.js, the home folder and its rights, what an ended agent has left, configuration files, addresses, ports, limits, the clock. ' +
    'While it runs, too: the data plane, sidecars behind the present configuration, workloads that start again and again, certificates, and what ' +
    "in the mesh can't work or has no effect: unhealthy services, upstreams that lead nowhere, protocols that differ, intentions that never match, unused " +
    'entries. Changes nothing. The exit code is 1 if something fails; warnings say what works without. ' +
    'With --http-addr or CONSUL_HTTP_ADDR only what that agent can tell: this machine is left out.',
  options: [
    { flags: '--json', doc: 'print it as JSON' },
    { flags: '--http-addr <address>', doc: 'an agent elsewhere: host:port, or a URL; its token comes from CONSUL_HTTP_TOKEN' },
  ],
  examples: [
    ['mesh doctor', 'OK, WARN or FAIL for each, and what to do'],
    [`mesh doctor --json | jq '.findings[] | select(.state != "ok")'`, 'only what is not as it should be'],
    ['mesh doctor --http-addr 10.0.0.5:8500', 'what another agent says of its mesh'],
  ],
  exits: [[1, 'something is FAIL']],
  see: ['status', 'config lint'],
  grammar: 'mesh',
  withoutSettings: true,
  load: async () => (await import('../app/cli/doctor.ts')).doctor,
};

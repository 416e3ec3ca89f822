import type { Command } from './command.ts';

export const tap: Command = {
  name: 'tap',
  group: 'Environments',
  summary: 'Watch requests as sidecars and gateways see them',
  description:
    'Prints a line for each request that ends: when, from whom to whom, method and path, status with what went wrong, how long it took, and where it went. Connections that pass as bytes are told of when they close, if they were opened after the tap. Without a service each request is seen once, where it sets out; with one, as its own sidecars see it.',
  args: [
    { name: 'service', doc: 'what the sidecars of this service, or this gateway, see: calls it makes and gets', completes: 'service' },
  ],
  options: [
    { flags: '--from <service>', doc: 'only calls of this service', completes: 'service' },
    { flags: '--to <service>', doc: 'only calls for this service', completes: 'service' },
    { flags: '--path <prefix>', doc: 'only paths that begin so' },
    { flags: '--method <method>', doc: 'only requests with this method' },
    { flags: '--status <status>', doc: 'only answers with this status, or class of it: 503, 5xx' },
    { flags: '--direction <direction>', doc: 'on which side of the mesh', choices: ['inbound', 'outbound', 'both'] },
    { flags: '-n, --count <count>', doc: 'end after so many' },
    { flags: '--headers', doc: 'print the fields of requests and answers, without what lets somebody in' },
    { flags: '--json', doc: 'print a JSON object a line, with everything that is known' },
  ],
  examples: [
    ['mesh tap', 'every request in the mesh'],
    ['mesh tap payments --status 5xx', 'what fails at payments, and in its own calls'],
    ['mesh tap --from web --to payments --path /currency --headers', 'one route, with its headers'],
    [`mesh tap web -n 100 --json | jq -s 'map(.durationMs) | add / length'`, 'the mean time of the next 100 requests'],
  ],
  see: ['top', 'logs', 'why-denied'],
  grammar: 'mesh',
  load: async () => (await import('../app/cli/tap.ts')).tap,
};

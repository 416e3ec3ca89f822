import type { Command } from './command.ts';

export const edges: Command = {
  name: 'edges',
  group: 'Environments',
  summary: 'Show who is to call whom, with identities, TLS, intentions and calls so far',
  description:
    'An edge is an upstream of a sidecar, or a listener of a gateway, and one service that its routes lead to. An intention that is mixed has permissions or asks for tokens: it depends on the request. Calls are those since the sidecars began to count. With --verify the sidecars of the sources make handshakes with their upstreams, which send no request; exit 1 says that one of them did not show what it should.',
  args: [{ name: 'service', doc: 'only edges to and from this service', completes: 'service' }],
  options: [
    { flags: '--verify', doc: 'prove identities by handshakes, made now by the sidecars of the agent of this home' },
    { flags: '--dc <name>', doc: 'only what concerns this datacenter', completes: 'datacenter' },
    { flags: '--json', doc: 'print JSON' },
  ],
  examples: [
    ['mesh edges', 'everybody'],
    ['mesh edges payments --verify', 'who calls payments, and whether both ends are who they say'],
    ['mesh edges --json | jq -r \'.[] | select(.intention == "deny") | .rule\'', 'the rules that keep somebody out'],
  ],
  grammar: 'mesh',
  load: async () => (await import('../app/cli/edges.ts')).edges,
};

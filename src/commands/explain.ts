import type { Command } from './command.ts';

export const explain: Command = {
  name: 'explain',
  group: 'Environments',
  summary: 'Say where a request would go, and who would let it in',
  description:
    'Walks the configuration that the sidecars have, step by step: upstream, protocol, route, split, subset, failover, endpoints, identity, intentions, limits, and what happens on the way; each with the config entry that says so, and its file. Nothing is sent, unless --send asks for it. Exit code 0: it would pass; 1: a rule refuses it, or there is nowhere it could go.',
  args: [
    { name: 'source', required: true, doc: 'a service with a sidecar, a gateway, or the id of a sidecar', completes: 'sidecar' },
    {
      name: 'destination',
      required: true,
      doc: 'an upstream of it; of a gateway the port of a listener, or a service behind it',
      completes: 'upstream',
    },
  ],
  options: [
    { flags: '--path <path>', doc: 'path of the request, with its query (default "/")' },
    { flags: '--method <method>', doc: 'its method (default "GET")' },
    { flags: '-H, --header <header>', doc: "a header of it: 'X-Group: dev'", repeatable: true },
    { flags: '--dc <datacenter>', doc: 'where the source is', completes: 'datacenter' },
    { flags: '--send', doc: "send it through the caller's sidecar, and compare" },
    { flags: '--json', doc: 'print JSON' },
  ],
  examples: [
    ['mesh explain web payments', 'GET / of web to payments'],
    ['mesh explain web payments --path /currency -H X-Group:dev', 'which route takes it, and which do not, and why'],
    ['mesh explain web payments --method POST --send', 'what would happen, and what does'],
    ['mesh explain ingress 8080 -H Host:web.example.com --json', 'what becomes of a request from outside'],
  ],
  grammar: 'mesh',
  load: async () => (await import('../app/cli/explain.ts')).explain,
};

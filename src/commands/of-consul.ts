import type { Command } from './command.ts';

/**
 * Commands that are Consul's alone, one row each: `mesh kv …` is `consul kv …` with our diagnostics on a terminal. What they do is
 * in src/app/consul/table.ts, what `main.ts` has to know of them in src/app/consul/names.ts.
 */
export const OF_CONSUL: readonly Command[] = [
  row('config', 'Read and write config entries: write, apply, diff, lint, read, list, delete', [
    ['mesh config write v2/consul_service/payments_defaults.hcl', 'from a file; `-` reads standard input'],
    ['mesh config apply -dry-run consul/', 'many at once, all or none; here only what would change'],
    ['mesh config lint consul/', 'judge them together, without an agent'],
    ['mesh config read -kind service-defaults -name payments', 'as JSON'],
    ['mesh config list -kind service-defaults', 'names'],
    ['mesh config delete -kind service-defaults -name payments', ''],
  ]),
  row('troubleshoot', 'Find out why a service does not reach another: upstreams, proxy, ports', [
    ['mesh troubleshoot upstreams -sidecar web', 'what it can call, and where'],
    ['mesh troubleshoot proxy -sidecar web -upstream-envoy-id payments', 'from its certificate to mutual TLS with payments'],
    ['mesh troubleshoot ports', 'which ports of an agent are open'],
  ]),
  row('intention', 'Allow and deny calls between services: create, check, match, get, list, delete', [
    ['mesh intention create -deny web payments', 'also ends connections that are open'],
    ['mesh intention check web payments', 'Allowed (exit 0) or Denied (exit 1)'],
    ['mesh intention list', ''],
    ['mesh intention delete web payments', ''],
  ]),
  row('catalog', 'Show what is registered: datacenters, nodes, services', [
    ['mesh catalog services -tags', 'names and tags'],
    ['mesh catalog nodes -service=payments', 'the nodes that have it'],
  ]),
  row('services', 'Register services at an agent, and export them: register, deregister, export, exported-services', [
    ['mesh services register web.hcl', 'the services of a configuration file'],
    ['mesh services register -name=redis -port=6379 -tag=primary', ''],
    ['mesh services deregister -id=redis', ''],
  ]),
  row('snapshot', 'Save, restore and look into the whole state: save, restore, inspect, decode', [
    ['mesh snapshot save backup.snap', 'everything, secrets included'],
    ['mesh snapshot inspect backup.snap', 'of this agent or of a real Consul'],
    ['mesh snapshot restore backup.snap', ''],
  ]),
  row('peering', 'Connect clusters that stay independent: generate-token, establish, list, read, delete', [
    ['mesh peering generate-token -name=other', 'here'],
    ['mesh peering establish -name=this -peering-token=eyJDQSI6...', 'there'],
  ]),
  row('kv', 'Work with the key-value store: get, put, delete, export, import', [
    ['mesh kv put web/limit 5', 'a value'],
    ['mesh kv get -recurse web/', 'all below a prefix'],
    ['mesh kv export web/ > web.json', 'for `mesh kv import @web.json`'],
    ['mesh kv delete -recurse web/', ''],
  ]),
  row(
    'lock',
    'Run a program while holding a lock',
    [
      ['mesh lock jobs/backup ./backup.sh', 'one at a time, wherever it is called'],
      ['mesh lock -n=3 -timeout=30s jobs/import ./import.sh', 'three at a time, or give up after 30 s'],
    ],
    '[options] prefix child...',
  ),
  row(
    'watch',
    'Wait for changes, and run a program for each',
    [
      ['mesh watch -type=service -service=payments ./reload.sh', 'with the instances as JSON on its standard input'],
      ['mesh watch -type=key -key=web/limit', 'print what is there'],
    ],
    '[options] [child...]',
  ),
  row(
    'event',
    'Fire an event of your own at nodes (what has happened: mesh events)',
    [['mesh event -name deploy 1.2.3', 'a name, and a payload if you want one']],
    '[options] [payload]',
  ),
  row(
    'maint',
    'Take a node or a service out of service, and back',
    [
      ['mesh maint -enable -service=web -reason "new disk"', 'nobody is sent there'],
      ['mesh maint', 'what is in maintenance'],
      ['mesh maint -disable -service=web', ''],
    ],
    '[options]',
  ),
  row(
    'members',
    'List the members of the cluster',
    [
      ['mesh members', 'servers first'],
      ['mesh members --json', ''],
    ],
    '[options]',
  ),
  row('info', 'Print what operators look at', [['mesh info', 'figures by topic']], '[options]'),
  row('rtt', 'Estimate the round trip between two nodes', [['mesh rtt dev1 dev2', 'in milliseconds']], '[options] node1 [node2]'),
  row('operator', 'Tools for who operates servers: raft, autopilot, usage', [
    ['mesh operator usage instances', 'how many services and instances there are'],
    ['mesh operator raft list-peers', ''],
    ['mesh operator autopilot get-config', ''],
  ]),
  row('join', 'Let the agent join a cluster', [['mesh join 10.0.0.2:8301', '']], '[options] address ...'),
  row('leave', 'End the agent, in order', [['mesh leave', '']], '[options]'),
  row('force-leave', 'Count a member as gone', [['mesh force-leave dev2', '']], '[options] name'),
  row('keyring', 'Manage the keys that gossip is encrypted with', [['mesh keyring -list', '']], '[options]'),
  row('acl', 'Say what bearers of tokens may do: bootstrap, policy, token, role, auth-method, binding-rule', [
    ['mesh acl bootstrap', 'the first token, where ACLs are on'],
    ['mesh acl policy create -name readers -rules @readers.hcl', ''],
    ['mesh acl token create -policy-name readers', ''],
  ]),
  row('connect', 'Run one sidecar, work with the CA: proxy, ca, expose', [
    ['mesh connect proxy -sidecar-for web', 'with any Consul'],
    ['mesh connect ca get-config', 'as JSON'],
    ['mesh connect ca set-config -config-file ca.json', 'a new root is cross-signed by the old one'],
  ]),
  row(
    'debug',
    'Collect what explains a problem into an archive, without secrets',
    [['mesh debug -duration 30s', 'a .tar.gz in this folder']],
    '[options]',
  ),
  row('keygen', 'Make a key for gossip, which an agent of mesh does not need', [['mesh keygen', '']], ''),
  row(
    'login',
    'Get a token for what another system vouches for',
    [['mesh login -method ci -bearer-token-file jwt -token-sink-file token', '']],
    '[options]',
  ),
  row('logout', 'Give back a token that came from a login', [['mesh logout -token-file token', '']], '[options]'),
  row('monitor', 'Follow the log of the agent', [['mesh monitor -log-level debug', 'until Ctrl-C']], '[options]'),
  row(
    'reload',
    'Let the agent read its configuration files again',
    [['mesh reload', 'services, checks, tokens, limits, log level, certificates']],
    '',
  ),
  row('tls', 'Make certificates for the API of agents and their clients', [
    ['mesh tls ca create', 'two files in this folder'],
    ['mesh tls cert create -server', ''],
  ]),
];

/** `words` stand behind the name of a command that has no subcommands. */
function row(name: string, summary: string, examples: Command['examples'], words?: string): Command {
  return {
    name,
    group: 'Consul',
    summary,
    examples,
    grammar: 'consul',
    ...(words === undefined ? {} : { words }),
    load: async () => {
      const { runConsul } = await import('../app/consul/top.ts');
      return (input, io) => runConsul([name, ...input.args], io);
    },
  };
}

import type { Command, CommandGroup } from './command.ts';

/** A word behind `consul`. */
export interface TopCommand {
  /** For the list of all commands, which loads none of them. */
  readonly synopsis: string;
  /** The only place where its code is named: nothing else of it is loaded before it is called. */
  load(): Promise<Command | CommandGroup>;
}

/** Every command of Consul's command line that has a meaning here, by its first word. */
export const CONSUL_COMMANDS: Readonly<Record<string, TopCommand>> = {
  acl: {
    synopsis: 'Say what bearers of tokens may do',
    load: async () => (await import('./acl/acl.ts')).acl,
  },
  agent: {
    synopsis: 'Run an agent',
    load: async () => (await import('./agent.ts')).agent,
  },
  catalog: {
    synopsis: 'Show datacenters, nodes and services',
    load: async () => (await import('./catalog/catalog.ts')).catalog,
  },
  config: {
    synopsis: 'Read and write config entries',
    load: async () => (await import('./config.ts')).config,
  },
  connect: {
    synopsis: 'Work with the CA of sidecars and ways into the mesh',
    load: async () => (await import('./connect/connect.ts')).connect,
  },
  debug: {
    synopsis: 'Collect what explains a problem into an archive',
    load: async () => (await import('./debug/debug.ts')).debug,
  },
  event: {
    synopsis: 'Fire an event',
    load: async () => (await import('./event.ts')).event,
  },
  exec: {
    synopsis: 'Run a command on nodes that allow it',
    load: async () => (await import('./exec/exec.ts')).exec,
  },
  'force-leave': {
    synopsis: 'Count a member as gone',
    load: async () => (await import('./force-leave.ts')).forceLeave,
  },
  info: {
    synopsis: 'Print what operators look at',
    load: async () => (await import('./info.ts')).info,
  },
  intention: {
    synopsis: 'Say which services may call which',
    load: async () => (await import('./intention.ts')).intention,
  },
  join: {
    synopsis: 'Let the agent join a cluster',
    load: async () => (await import('./join.ts')).join,
  },
  keygen: {
    synopsis: 'Make a key for gossip',
    load: async () => (await import('./keygen.ts')).keygen,
  },
  keyring: {
    synopsis: 'Manage the keys that gossip is encrypted with',
    load: async () => (await import('./keyring.ts')).keyring,
  },
  kv: {
    synopsis: 'Work with the key-value store',
    load: async () => (await import('./kv/kv.ts')).kv,
  },
  leave: {
    synopsis: 'End the agent, in order',
    load: async () => (await import('./leave.ts')).leave,
  },
  lock: {
    synopsis: 'Run a program while holding a lock',
    load: async () => (await import('./lock/lock.ts')).lock,
  },
  login: {
    synopsis: 'Get a token for what another system vouches for',
    load: async () => (await import('./login.ts')).login,
  },
  logout: {
    synopsis: 'Give back a token that came from a login',
    load: async () => (await import('./logout.ts')).logout,
  },
  maint: {
    synopsis: 'Take a node or a service out of service, and back',
    load: async () => (await import('./maint.ts')).maint,
  },
  members: {
    synopsis: 'List the members of the cluster',
    load: async () => (await import('./members.ts')).members,
  },
  monitor: {
    synopsis: 'Follow the log of the agent',
    load: async () => (await import('./monitor.ts')).monitor,
  },
  operator: {
    synopsis: 'Tools for who operates servers',
    load: async () => (await import('./operator/operator.ts')).operator,
  },
  peering: {
    synopsis: 'Connect clusters that stay independent',
    load: async () => (await import('./peering/peering.ts')).peering,
  },
  reload: {
    synopsis: 'Let the agent read its files again',
    load: async () => (await import('./reload.ts')).reload,
  },
  rtt: {
    synopsis: 'Estimate the round trip between two nodes',
    load: async () => (await import('./rtt.ts')).rtt,
  },
  services: {
    synopsis: 'Register services at an agent, and export them',
    load: async () => (await import('./services/services.ts')).services,
  },
  snapshot: {
    synopsis: 'Save, restore and look into the whole state',
    load: async () => (await import('./snapshot/snapshot.ts')).snapshot,
  },
  tls: {
    synopsis: 'Make certificates for the API of agents',
    load: async () => (await import('./tls/tls.ts')).tls,
  },
  troubleshoot: {
    synopsis: 'Find out why a service does not reach another',
    load: async () => (await import('./troubleshoot/troubleshoot.ts')).troubleshoot,
  },
  validate: {
    synopsis: 'Check configuration files of an agent',
    load: async () => (await import('./validate.ts')).validate,
  },
  version: {
    synopsis: 'Print the version',
    load: async () => (await import('./version.ts')).version,
  },
  watch: {
    synopsis: 'Wait for changes, and run a program for each',
    load: async () => (await import('./watch/watch.ts')).watch,
  },
};

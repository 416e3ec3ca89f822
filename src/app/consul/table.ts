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
  event: {
    synopsis: 'Fire an event',
    load: async () => (await import('./event.ts')).event,
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
  maint: {
    synopsis: 'Take a node or a service out of service, and back',
    load: async () => (await import('./maint.ts')).maint,
  },
  members: {
    synopsis: 'List the members of the cluster',
    load: async () => (await import('./members.ts')).members,
  },
  operator: {
    synopsis: 'Tools for who operates servers',
    load: async () => (await import('./operator/operator.ts')).operator,
  },
  rtt: {
    synopsis: 'Estimate the round trip between two nodes',
    load: async () => (await import('./rtt.ts')).rtt,
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

import type { CommandGroup } from '../command.ts';

const connectError = 'Error initializing client';

const raft: CommandGroup = {
  name: 'operator raft',
  synopsis: 'Show and change which servers agree on what is written',
  description: 'Shows and changes the servers that agree on what is written.',
  examples: ['operator raft list-peers', 'operator raft remove-peer -id=e0db518e-ddd4-7654-ddca-6ec0a81eb73d'],
  connectError,
  commands: {
    'list-peers': async () => (await import('./raft-list-peers.ts')).raftListPeers,
    'remove-peer': async () => (await import('./raft-remove-peer.ts')).raftRemovePeer,
    'transfer-leader': async () => (await import('./raft-transfer-leader.ts')).raftTransferLeader,
  },
};

const autopilot: CommandGroup = {
  name: 'operator autopilot',
  synopsis: 'Show and change how servers look after themselves',
  description: 'Shows and changes how servers look after themselves.',
  examples: ['operator autopilot get-config', 'operator autopilot set-config -cleanup-dead-servers=false'],
  connectError,
  commands: {
    'get-config': async () => (await import('./autopilot-get-config.ts')).autopilotGetConfig,
    'set-config': async () => (await import('./autopilot-set-config.ts')).autopilotSetConfig,
    state: async () => (await import('./autopilot-state.ts')).autopilotState,
  },
};

const usage: CommandGroup = {
  name: 'operator usage',
  synopsis: 'Count what is registered',
  description: 'Counts what is registered.',
  examples: ['operator usage instances'],
  commands: { instances: async () => (await import('./usage-instances.ts')).usageInstances },
};

/** Consul's `operator`. */
export const operator: CommandGroup = {
  name: 'operator',
  description: 'Tools for who operates servers.',
  examples: ['operator raft list-peers', 'operator autopilot get-config', 'operator usage instances'],
  commands: {
    autopilot: () => Promise.resolve(autopilot),
    raft: () => Promise.resolve(raft),
    usage: () => Promise.resolve(usage),
  },
};

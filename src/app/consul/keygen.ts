import { randomBytes } from 'node:crypto';
import type { Command } from './command.ts';

export const keygen: Command = {
  name: 'keygen',
  synopsis: 'Make a key for gossip',
  usage: [''],
  description: 'Prints a random key of 32 bytes in base64, as `encrypt` takes it. An agent of mesh needs none.',
  examples: ['keygen'],
  flags: [],
  offline: true,
  run: ({ io }) => {
    io.out(`${randomBytes(32).toString('base64')}\n`);
    return Promise.resolve(0);
  },
};

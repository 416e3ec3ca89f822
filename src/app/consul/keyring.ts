import type { Io } from '../io.ts';
import type { Method } from './client.ts';
import { attempt, type Command, Failure, UsageFailure } from './command.ts';
import { JSON_FLAGS, parseJson, printJson, wantsJson } from './json.ts';

interface Ring {
  readonly WAN: boolean;
  readonly Datacenter: string;
  readonly Segment?: string;
  readonly Keys: Readonly<Record<string, number>> | null;
  readonly PrimaryKeys?: Readonly<Record<string, number>> | null;
  readonly NumNodes: number;
}

/** What to do with a key, by its flag. */
const CHANGES: Readonly<Record<string, readonly [method: Method, saying: string]>> = {
  install: ['POST', 'Installing new gossip encryption key...'],
  use: ['PUT', 'Changing primary gossip encryption key...'],
  remove: ['DELETE', 'Removing gossip encryption key...'],
};

export const keyring: Command = {
  name: 'keyring',
  synopsis: 'Manage the keys that gossip is encrypted with',
  usage: [''],
  description: 'Lists, installs, chooses and removes the keys that servers encrypt their gossip with.',
  examples: ['keyring -list', 'keyring -install=$(mesh consul keygen)'],
  flags: [
    { name: 'install', kind: 'string', value: 'string', doc: 'Give every member this key.' },
    { name: 'list', kind: 'bool', doc: 'Print all keys, and how many members have each.' },
    { name: 'list-primary', kind: 'bool', doc: 'Print the keys that members encrypt with.' },
    { name: 'local-only', kind: 'bool', doc: 'When listing, ask no other datacenter.' },
    { name: 'relay-factor', kind: 'int', value: 'int', doc: 'Members relay their answer through so many others, 5 at most.' },
    { name: 'remove', kind: 'string', value: 'string', doc: 'Take this key from every member; it must not be in use.' },
    { name: 'use', kind: 'string', value: 'string', doc: 'Encrypt with this key, which every member has to have.' },
    ...JSON_FLAGS,
  ],
  connectError: 'Error connecting to Consul agent',
  run: async ({ io, flags, client }) => {
    const changes = Object.keys(CHANGES).filter((name) => flags.string(name));
    const [list, primary] = [flags.bool('list'), flags.bool('list-primary')];
    const asked = changes.length + Number(list) + Number(primary);
    if (asked > 1) throw new Failure('Only a single action is allowed');
    if (asked === 0) throw new UsageFailure('');
    const relay = flags.int('relay-factor');
    if (relay < 0 || relay > 5) throw new Failure('Error parsing relay factor: Relay factor must be in range: [0, 5]');
    if (flags.bool('local-only') && changes.length > 0)
      throw new Failure('Error validating local-only: local-only can only be set for list requests');
    const json = wantsJson(flags);
    const api = await client();
    const query = { 'relay-factor': relay === 0 ? undefined : String(relay), 'local-only': flags.bool('local-only') ? 'true' : undefined };
    const [change] = changes;
    if (change !== undefined) {
      const [method, saying] = CHANGES[change]!;
      io.out(`==> ${saying}\n`);
      await attempt('error', api.expectOk(method, '/v1/operator/keyring', { query, body: { Key: flags.string(change) } }));
      return 0;
    }
    if (!json) io.out(`==> Gathering installed ${primary ? 'primary ' : ''}encryption keys...\n`);
    const rings = await attempt('error', api.expectOk('GET', '/v1/operator/keyring', { query }).then(parseJson<readonly Ring[]>));
    if (json) printJson(io, rings);
    else for (const ring of rings) printRing(io, ring, primary);
    return 0;
  },
};

function printRing(io: Io, { WAN, Datacenter, Segment, Keys, PrimaryKeys, NumNodes }: Ring, primary: boolean): void {
  const pool = WAN ? 'WAN' : `${Datacenter} (LAN)${Segment ? ` [${Segment}]` : ''}`;
  io.out(`\n${pool}:\n`);
  for (const [key, count] of Object.entries((primary ? PrimaryKeys : Keys) ?? {})) io.out(`  ${key} [${count}/${NumNodes}]\n`);
}

import { type ApiClient, unexpected } from '../client.ts';
import { attempt, Failure } from '../command.ts';
import type { Flag, FlagValues } from '../flags.ts';
import { parseJson } from '../json.ts';
import { goPath } from '../path.ts';

/** A connection to another cluster, as the API writes it. */
export interface Peering {
  readonly ID: string;
  readonly Name: string;
  readonly Partition?: string;
  readonly DeletedAt?: string | null;
  readonly Meta?: Readonly<Record<string, string>> | null;
  readonly State: string;
  readonly PeerID?: string;
  readonly PeerCAPems?: readonly string[] | null;
  readonly PeerServerName?: string;
  readonly PeerServerAddresses?: readonly string[] | null;
  readonly StreamStatus?: { readonly ImportedServices: readonly string[] | null; readonly ExportedServices: readonly string[] | null };
  readonly CreateIndex: number;
  readonly ModifyIndex: number;
}

export const PEER_NAME: Flag = {
  name: 'name',
  kind: 'string',
  value: 'string',
  doc: 'What the other cluster is called here.',
  completes: 'peer',
};
export const PEER_META: Flag = { name: 'meta', kind: 'map', value: 'key=value', doc: 'A fact about it, for people; repeatable.' };

/** Throws a Failure when it is missing. */
export function requiredFlag(flags: FlagValues, name: string): string {
  const value = flags.string(name);
  if (!value) throw new Failure(`Missing the required -${name} flag`);
  return value;
}

/** For the body of a request. */
export function metaOf(flags: FlagValues): { readonly Meta?: Readonly<Record<string, string>> } {
  const meta = flags.map('meta');
  return meta.size === 0 ? {} : { Meta: Object.fromEntries(meta) };
}

/** Rejects with a Failure when there is none. */
export async function readPeering(api: ApiClient, name: string): Promise<Peering> {
  const response = await attempt('Error reading peering', api.send('GET', `/v1/peering/${goPath(name)}`));
  if (response.status === 404) throw new Failure(`No peering with name ${name} found.`);
  if (response.status !== 200) throw new Failure(`Error reading peering: ${unexpected(response)}`);
  return parseJson(response.body);
}

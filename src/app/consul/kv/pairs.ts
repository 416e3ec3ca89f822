import { type ApiClient, unexpected } from '../client.ts';
import { parseJson } from '../json.ts';
import { goPath } from '../path.ts';

/** A key and what is kept under it, as Consul's API writes it. */
export interface KvPair {
  readonly Key: string;
  /** Unsigned, 64 bits: decimal digits, because locks use more than a number of JavaScript can hold. */
  readonly Flags: string;
  /** Base64; null when empty. */
  readonly Value: string | null;
  readonly Session?: string;
  readonly CreateIndex: number;
  readonly ModifyIndex: number;
  readonly LockIndex: number;
}

/** The pairs of an answer, with their flags exactly as they stand there. */
export function parsePairs(json: string): readonly KvPair[] {
  return parseJson(json.replace(/"Flags":\s*(\d+)/g, '"Flags":"$1"'));
}

/** Consul's keys begin with no slash, but its users' do. */
export const kvPath = (key: string): string => `/v1/kv/${goPath(key.replace(/^\//, ''))}`;

/** Undefined when there is none. Rejects with an Error. */
export async function getPair(api: ApiClient, key: string): Promise<KvPair | undefined> {
  const response = await api.send('GET', kvPath(key));
  if (response.status === 404) return undefined;
  if (response.status !== 200) throw new Error(unexpected(response));
  return parsePairs(response.body)[0];
}

/** All below a prefix, by key. Rejects with an Error. */
export async function listPairs(api: ApiClient, prefix: string): Promise<readonly KvPair[]> {
  const response = await api.send('GET', kvPath(prefix), { query: { recurse: '' } });
  if (response.status === 404) return [];
  if (response.status !== 200) throw new Error(unexpected(response));
  return parsePairs(response.body);
}

export const pairBytes = ({ Value }: KvPair): Buffer => Buffer.from(Value ?? '', 'base64');

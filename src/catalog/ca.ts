import type { Change } from './change.ts';
import { changeKeys } from './keys.ts';
import type { QueryResult } from './queries.ts';
import { datacenter, type Snapshot } from './snapshot.ts';
import type { Indexed, Unindexed } from './types.ts';

/** What everybody may know of a root, in Consul's JSON. Keys are in `ca.log` alone. */
export interface CaRoot extends Indexed {
  /** SHA-1 of the certificate, `e4:86:…`. */
  readonly ID: string;
  readonly Name: string;
  readonly SerialNumber: number;
  readonly SigningKeyID: string;
  readonly ExternalTrustDomain: string;
  /** RFC 3339. */
  readonly NotBefore: string;
  readonly NotAfter: string;
  readonly RootCert: string;
  readonly IntermediateCerts: readonly string[] | null;
  readonly Active: boolean;
  readonly PrivateKeyType: 'ec' | 'rsa';
  readonly PrivateKeyBits: number;
}

/** Configuration of the CA, secrets hidden. */
export interface CaConfiguration extends Indexed {
  readonly Provider: string;
  readonly Config: Readonly<Record<string, unknown>> | null;
  readonly ForceWithoutCrossSigning: boolean;
}

/** Lets a datacenter say what the CA is now. */
export interface SetCa {
  readonly type: 'set-ca';
  readonly dc: string;
  readonly roots: readonly Unindexed<CaRoot>[];
  readonly config: Unindexed<CaConfiguration>;
}

const CONFIG_KEY = 'config';

export function applySetCa(change: Change, op: SetCa): boolean {
  // It may have been removed meanwhile, and does not come back for this.
  if (change.tables.nodes.size === 0) return true;
  const keys = [changeKeys.ca(op.dc)];
  const wanted = new Set(op.roots.map((root) => root.ID));
  for (const [id] of change.tables.caRoots) if (!wanted.has(id)) change.remove('caRoots', id, { keys, indexes: ['ca-roots'] });
  for (const root of op.roots) change.put('caRoots', root.ID, root, { keys, indexes: ['ca-roots'] });
  change.put('caConfig', CONFIG_KEY, op.config, { keys });
  return true;
}

/** By id, as Consul lists them. */
export function caRoots(s: Snapshot, dc: string): QueryResult<CaRoot[]> {
  const tables = datacenter(s, dc);
  return { value: [...tables.caRoots.values()], index: tables.indexes.get('ca-roots') ?? 0, watch: [changeKeys.ca(dc)] };
}

export function caConfiguration(s: Snapshot, dc: string): CaConfiguration | undefined {
  return datacenter(s, dc).caConfig.get(CONFIG_KEY);
}

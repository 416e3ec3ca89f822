import { goTime } from '../../base/go-time.ts';
import { sortedByKey } from '../../base/order.ts';
import type { CaConfiguration, CaRoot, SetCa } from '../../catalog/ca.ts';
import type { Unindexed } from '../../catalog/types.ts';
import { hideSecrets } from '../../pki/ca-config.ts';
import { DEFAULT_KEY_KIND } from '../../pki/key.ts';
import type { Root } from '../../pki/root.ts';

/** Everything that the CA must not forget: plain JSON, the one record of `ca.log`. Secret. */
export interface CaState {
  readonly type: 'ca';
  readonly trustDomain: string;
  /** Of the next root, or what the old one says of it. Leaves have numbers of their own. */
  readonly nextSerial: number;
  readonly config: StoredCaConfig;
  /** The active one first. */
  readonly roots: readonly KnownRoot[];
}

/** As it was given. */
export interface StoredCaConfig {
  readonly provider: string;
  readonly config: Readonly<Record<string, unknown>> | null;
  readonly forceWithoutCrossSigning: boolean;
}

export interface KnownRoot {
  /** Without its key once it is rotated out: nothing is signed with it any more. */
  readonly root: Root;
  /** PEM: what the root before it says of it. */
  readonly intermediates: readonly string[];
  /** Milliseconds since the epoch; absent for the active one. */
  readonly rotatedOutAt?: number;
}

/** Consul's first root has this number too. */
export const FIRST_SERIAL = 7;

/** Earlier versions wrote the one root that they had, and knew no configuration. */
export function stateOf(record: CaState | Root, config: StoredCaConfig): CaState {
  if ('type' in record) return record;
  const { trustDomain } = record;
  return { type: 'ca', trustDomain, nextSerial: record.serial + 1, config, roots: [{ root: record, intermediates: [] }] };
}

export function activeRoot(state: CaState): KnownRoot {
  return state.roots[0]!;
}

/** What everybody may know. */
export function publicHalf(state: CaState, dc: string): SetCa {
  const { provider, config, forceWithoutCrossSigning } = state.config;
  const sorted = config && sortedByKey(hideSecrets(config));
  const shown: Unindexed<CaConfiguration> = { Provider: provider, Config: sorted, ForceWithoutCrossSigning: forceWithoutCrossSigning };
  return { type: 'set-ca', dc, roots: state.roots.map(rootRow), config: shown };
}

function rootRow({ root, intermediates, rotatedOutAt }: KnownRoot): Unindexed<CaRoot> {
  return {
    ID: root.id,
    Name: root.name,
    SerialNumber: root.serial,
    SigningKeyID: root.signingKeyId,
    ExternalTrustDomain: root.trustDomain.replace(/\.consul$/, ''),
    NotBefore: goTime(root.notBefore),
    NotAfter: goTime(root.notAfter),
    RootCert: root.certPem,
    IntermediateCerts: intermediates.length > 0 ? intermediates : null,
    Active: rotatedOutAt === undefined,
    PrivateKeyType: root.keyType ?? DEFAULT_KEY_KIND.type,
    PrivateKeyBits: root.keyBits ?? DEFAULT_KEY_KIND.bits,
  };
}

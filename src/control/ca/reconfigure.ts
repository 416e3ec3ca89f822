import { isDeepStrictEqual } from 'node:util';
import { messageOf } from '../../base/errors.ts';
import type { Clock, Random } from '../../base/ports.ts';
import { type CaConfig, CaConfigError, readCaConfig, restoreSecrets } from '../../pki/ca-config.ts';
import { anyKeyFromPem, generateKeyAsync, type KeyPair, kindOf } from '../../pki/key.ts';
import { adoptRoot, CROSS_SIGNED_TTL_MS, createRoot, crossSign, type Root } from '../../pki/root.ts';
import { WriteRefused } from '../registry.ts';
import { activeRoot, type CaState, type KnownRoot, type StoredCaConfig } from './state.ts';

export interface CaPorts {
  readonly clock: Pick<Clock, 'now'>;
  readonly random: Pick<Random, 'next'>;
}

const MS = 1e6;

/** What a state that is already stored says. */
export function decodedConfig(state: CaState): CaConfig {
  return readCaConfig(state.config.config ?? {});
}

/**
 * The state after a new configuration: another root only where Consul makes one, which is for another key, or another root.
 * The state itself when nothing is new. Rejects with a WriteRefused in Consul's words.
 */
export async function reconfigured(state: CaState, request: StoredCaConfig, ports: CaPorts): Promise<CaState> {
  if (request.provider !== 'consul') throw new WriteRefused(providerError(request));
  const config = request.config && restoreSecrets(request.config, state.config.config ?? {});
  if (isDeepStrictEqual(config, state.config.config)) return state;
  const next = { ...state, config: { ...request, config } };
  const wanted = checkedConfig(next);
  const present = decodedConfig(state);
  if (!needsNewRoot(present, wanted)) return next;
  if (present.disableCrossSigning && !request.forceWithoutCrossSigning) {
    throw new WriteRefused(
      'The current CA Provider does not support cross-signing. You can try again with ForceWithoutCrossSigningSet but this may cause disruption - see documentation for more.',
    );
  }
  const root = await newRoot(next, wanted, ports);
  return root.id === activeRoot(state).root.id ? next : rotated(next, root, present, ports);
}

/** There is one provider. The others say what a Consul says that can't reach them; one that is told more can't be had here. */
function providerError({ provider, config }: StoredCaConfig): string {
  const told = Object.keys(config ?? {}).map((key) => key.replaceAll('_', '').toLowerCase());
  if (provider === 'vault' && !told.includes('token') && !told.includes('authmethod'))
    return 'error configuring provider: must provide a Vault token';
  if (provider === 'aws-pca') return 'error generating CA root certificate: MissingRegion: could not find region configuration';
  return `could not initialize provider: unknown CA provider ${JSON.stringify(provider)}`;
}

/** The state after a root of the same configuration took the place of the present one, which nears its end. */
export async function renewed(state: CaState, ports: CaPorts): Promise<CaState> {
  const config = decodedConfig(state);
  return rotated(state, await newRoot(state, config, ports), config, ports);
}

/** Without roots that no leaf needs any more: Consul keeps them for twice the life of a leaf. */
export function pruned(state: CaState, now: number): CaState {
  const keepMs = (2 * decodedConfig(state).leafCertTtlNs) / MS;
  const roots = state.roots.filter(({ rotatedOutAt }) => rotatedOutAt === undefined || now - rotatedOutAt <= keepMs);
  return roots.length === state.roots.length ? state : { ...state, roots };
}

/** What a state says that is new. Throws a WriteRefused in Consul's words. */
export function checkedConfig(state: CaState): CaConfig {
  try {
    return decodedConfig(state);
  } catch (error) {
    if (error instanceof CaConfigError) throw new WriteRefused(`error configuring provider: ${error.message}`);
    throw error;
  }
}

/** The kind of key counts only where the key is ours to make. */
function needsNewRoot(present: CaConfig, wanted: CaConfig): boolean {
  if (present.privateKey !== wanted.privateKey || present.rootCert !== wanted.rootCert) return true;
  return wanted.privateKey === '' && !isDeepStrictEqual(present.keyKind, wanted.keyKind);
}

/** Has the state's next serial, if it is not the user's own. */
export async function newRoot(state: CaState, config: CaConfig, { clock, random }: CaPorts): Promise<Root> {
  const { trustDomain, nextSerial: serial } = state;
  if (config.rootCert !== '') {
    const key = readKey(config.privateKey);
    try {
      return adoptRoot(config.rootCert, pemOf(key), trustDomain);
    } catch (error) {
      throw new WriteRefused(`error parsing root fingerprint: ${messageOf(error)}`);
    }
  }
  const key = config.privateKey === '' ? await generateKeyAsync(config.keyKind) : readKey(config.privateKey);
  return createRoot({ trustDomain, serial, now: clock.now(), random, ttlMs: config.rootCertTtlNs / MS, key });
}

/** Consul quotes a key that it can't read; ours goes nowhere. */
function readKey(pem: string): KeyPair {
  const fail = (text: string): WriteRefused => new WriteRefused(`error generating CA root certificate: error generating CA: ${text}`);
  let key: KeyPair;
  try {
    key = anyKeyFromPem(pem);
  } catch {
    throw fail(`error parsing private key: ${pem.includes('-----BEGIN') ? 'not a readable private key' : 'no PEM-encoded data found'}`);
  }
  const { type, bits } = kindOf(key.privateKey);
  if (type === 'other') throw fail('unknown private key type, expected an EC or RSA key');
  if (type === 'rsa' && bits < 2048) throw fail('RSA key length must be at least 2048 bits');
  return key;
}

const pemOf = (key: KeyPair): string => key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

/** `config` is the one that the present root was made with. */
function rotated(state: CaState, root: Root, config: CaConfig, { clock }: CaPorts): CaState {
  const now = clock.now();
  const [present, ...older] = state.roots as readonly [KnownRoot, ...KnownRoot[]];
  // The state's own next number is the root's.
  let serial = state.nextSerial + 1;
  const intermediates: string[] = [];
  if (!config.disableCrossSigning && present.root.notAfter > now) {
    const ttlMs = Math.max(CROSS_SIGNED_TTL_MS, (2 * config.leafCertTtlNs) / MS);
    intermediates.push(crossSign(present.root, root, { serial: serial++, now, ttlMs }));
  }
  const old = { ...present, root: { ...present.root, keyPem: '' }, rotatedOutAt: now };
  return { ...state, nextSerial: serial, roots: [{ root, intermediates }, old, ...older] };
}

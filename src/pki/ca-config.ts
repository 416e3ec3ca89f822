import { formatDuration, parseDuration } from '../base/duration.ts';
import { DEFAULT_KEY_KIND, type KeyKind } from './key.ts';

/** What Consul's own CA provider can be told, decoded; durations in nanoseconds, as Go counts them. */
export interface CaConfig {
  readonly leafCertTtlNs: number;
  readonly intermediateCertTtlNs: number;
  readonly rootCertTtlNs: number;
  /** 0: no limit. */
  readonly csrMaxPerSecond: number;
  readonly csrMaxConcurrent: number;
  readonly keyKind: KeyKind;
  /** PEM; empty: one is made. Secret. */
  readonly privateKey: string;
  /** PEM; empty: one is made with the key. */
  readonly rootCert: string;
  readonly disableCrossSigning: boolean;
}

/** The message is Consul's. */
export class CaConfigError extends Error {}

const HOUR_NS = 3600e9;

/** What a Consul that was told nothing shows. `RotationPeriod` has no effect there either. */
export const DEFAULT_CA_CONFIG = {
  IntermediateCertTTL: '8760h',
  LeafCertTTL: '72h',
  RootCertTTL: '87600h',
  RotationPeriod: '2160h',
} as const;

/** Stands where a secret is not shown; who sends it back means the one that is there. */
export const HIDDEN = 'hidden';

/** Keys are compared in lower case and without underscores: Consul's configuration files say `leaf_cert_ttl`. */
const canonical = (key: string): string => key.replaceAll('_', '').toLowerCase();

const SECRETS: ReadonlySet<string> = new Set(['privatekey']);

export function hideSecrets(config: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key, SECRETS.has(canonical(key)) && value !== '' ? HIDDEN : value]),
  );
}

/** `config` with the secrets that `previous` has in place of `HIDDEN`. */
export function restoreSecrets(
  config: Readonly<Record<string, unknown>>,
  previous: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const known = new Map(Object.entries(previous).map(([key, value]) => [canonical(key), value]));
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => {
      const name = canonical(key);
      return [key, SECRETS.has(name) && value === HIDDEN ? (known.get(name) ?? '') : value];
    }),
  );
}

/**
 * Decodes and checks the `Config` of a CA configuration as Consul does: weakly typed, unknown keys ignored. Throws a
 * CaConfigError.
 */
export function readCaConfig(config: Readonly<Record<string, unknown>>): CaConfig {
  const fields = new Map(Object.entries(config).map(([key, value]) => [canonical(key), value]));
  const errors: string[] = [];
  const read = <T>(name: string, fallback: T, parse: (name: string, value: unknown) => T): T => {
    const value = fields.get(name.toLowerCase());
    if (value === undefined || value === null) return fallback;
    try {
      return parse(name, value);
    } catch (error) {
      errors.push(`* ${(error as Error).message}`);
      return fallback;
    }
  };
  const decoded: CaConfig = {
    leafCertTtlNs: read('LeafCertTTL', 72 * HOUR_NS, durationOf),
    intermediateCertTtlNs: read('IntermediateCertTTL', 8760 * HOUR_NS, durationOf),
    rootCertTtlNs: read('RootCertTTL', 87_600 * HOUR_NS, durationOf),
    csrMaxPerSecond: read('CSRMaxPerSecond', 50, numberOf('float', 'Float')),
    csrMaxConcurrent: read('CSRMaxConcurrent', 0, numberOf('int', 'Int')),
    keyKind: {
      type: read('PrivateKeyType', DEFAULT_KEY_KIND.type, textOf) as KeyKind['type'],
      bits: read('PrivateKeyBits', DEFAULT_KEY_KIND.bits, numberOf('int', 'Int')),
    },
    privateKey: read('PrivateKey', '', textOf),
    rootCert: read('RootCert', '', textOf),
    disableCrossSigning: read('DisableCrossSigning', false, booleanOf),
  };
  if (errors.length > 0)
    throw new CaConfigError(`error decoding config: ${errors.length} error(s) decoding:\n\n${errors.toSorted().join('\n')}`);
  const wrong = problemOf(decoded);
  if (wrong !== undefined) throw new CaConfigError(wrong);
  return decoded;
}

/** Consul's checks, in its order. */
function problemOf(config: CaConfig): string | undefined {
  const { leafCertTtlNs: leaf, intermediateCertTtlNs: intermediate, rootCertTtlNs: root, keyKind } = config;
  const shown = formatDuration;
  if (config.privateKey === '' && config.rootCert !== '') return 'must provide a private key when providing a root cert';
  if (root < intermediate)
    return `root cert TTL is set and is not greater than intermediate cert ttl. root cert ttl: ${shown(root)}, intermediate cert ttl: ${shown(intermediate)}`;
  if (leaf < HOUR_NS) return `leaf cert TTL must be greater or equal than ${shown(HOUR_NS)}`;
  if (leaf > 8760 * HOUR_NS) return `leaf cert TTL must be less than ${shown(8760 * HOUR_NS)}`;
  if (intermediate < 3 * HOUR_NS) return 'Intermediate Cert TTL must be greater or equal than 3h';
  if (intermediate < 3 * leaf) return `Intermediate Cert TTL must be greater or equal than 3 * LeafCertTTL (>=${shown(3 * leaf)}).`;
  const { type, bits } = keyKind;
  if (type === 'ec') return [224, 256, 384, 521].includes(bits) ? undefined : 'EC key length must be one of (224, 256, 384, 521) bits';
  if (type === 'rsa') return [2048, 4096].includes(bits) ? undefined : 'RSA key length must be 2048 or 4096 bits';
  return "private key type must be either 'ec' or 'rsa'";
}

function durationOf(name: string, value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') throw unconvertible(name, 'time.Duration', value);
  const parsed = parseDuration(value);
  if (!parsed.ok) throw new Error(`error decoding '${name}': ${parsed.error}`);
  return parsed.ns;
}

function numberOf(type: 'float' | 'int', parser: 'Float' | 'Int'): (name: string, value: unknown) => number {
  return (name, value) => {
    if (typeof value === 'number') return type === 'int' ? Math.trunc(value) : value;
    if (typeof value === 'boolean') return value ? 1 : 0;
    if (typeof value !== 'string') throw unconvertible(name, type === 'float' ? 'float32' : 'int', value);
    const fits = type === 'float' ? /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i : /^[+-]?\d+$/;
    if (!fits.test(value))
      throw new Error(`cannot parse '${name}' as ${type}: strconv.Parse${parser}: parsing ${JSON.stringify(value)}: invalid syntax`);
    return Number(value);
  };
}

function textOf(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  if (typeof value === 'boolean') return value ? '1' : '0';
  throw unconvertible(name, 'string', value);
}

function booleanOf(name: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return value !== 0;
  if (typeof value !== 'string') throw unconvertible(name, 'bool', value);
  if (/^(1|t|true)$/i.test(value)) return true;
  if (value === '' || /^(0|f|false)$/i.test(value)) return false;
  throw new Error(`cannot parse '${name}' as bool: strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`);
}

/** mapstructure's words. The value is not quoted: it may hold a secret. */
function unconvertible(name: string, expected: string, value: unknown): Error {
  const is = Array.isArray(value) ? '[]interface {}' : typeof value === 'object' ? 'map[string]interface {}' : 'bool';
  return new Error(`'${name}' expected type '${expected}', got unconvertible type '${is}'`);
}

import { describe, expect, it } from 'vitest';
import { CaConfigError, hideSecrets, readCaConfig, restoreSecrets } from '../../src/pki/ca-config.ts';

const HOUR_NS = 3600e9;
const refusal = (config: Record<string, unknown>): string => {
  try {
    readCaConfig(config);
  } catch (error) {
    if (error instanceof CaConfigError) return error.message;
    throw error;
  }
  return 'nothing';
};

it('has Consul’s defaults', () => {
  expect(readCaConfig({})).toEqual({
    leafCertTtlNs: 72 * HOUR_NS,
    intermediateCertTtlNs: 8760 * HOUR_NS,
    rootCertTtlNs: 87_600 * HOUR_NS,
    csrMaxPerSecond: 50,
    csrMaxConcurrent: 0,
    keyKind: { type: 'ec', bits: 256 },
    privateKey: '',
    rootCert: '',
    disableCrossSigning: false,
  });
});

it('is read weakly, with keys in any case', () => {
  const given = { leafcertttl: '1h', root_cert_ttl: '9000h', CSRMaxPerSecond: '2.5', PrivateKeyBits: '384', DisableCrossSigning: 'true' };
  expect(readCaConfig({ ...given, Unknown: { a: 1 }, CSRMaxConcurrent: null })).toMatchObject({
    leafCertTtlNs: HOUR_NS,
    rootCertTtlNs: 9000 * HOUR_NS,
    csrMaxPerSecond: 2.5,
    csrMaxConcurrent: 0,
    keyKind: { type: 'ec', bits: 384 },
    disableCrossSigning: true,
  });
});

// All but the last but three were captured from 1.8.7.
it.each([
  [{ LeafCertTTL: '1m' }, 'leaf cert TTL must be greater or equal than 1h0m0s'],
  [{ LeafCertTTL: '8761h' }, 'leaf cert TTL must be less than 8760h0m0s'],
  [{ LeafCertTTL: 72 }, 'leaf cert TTL must be greater or equal than 1h0m0s'],
  [{ LeafCertTTL: '4h', IntermediateCertTTL: '5h' }, 'Intermediate Cert TTL must be greater or equal than 3 * LeafCertTTL (>=12h0m0s).'],
  [{ LeafCertTTL: '1h', IntermediateCertTTL: '2h' }, 'Intermediate Cert TTL must be greater or equal than 3h'],
  [
    { LeafCertTTL: '1' },
    'error decoding config: 1 error(s) decoding:\n\n* error decoding \'LeafCertTTL\': time: missing unit in duration "1"',
  ],
  [{ PrivateKeyType: 'dsa' }, "private key type must be either 'ec' or 'rsa'"],
  [{ PrivateKeyType: 'ec', PrivateKeyBits: 257 }, 'EC key length must be one of (224, 256, 384, 521) bits'],
  [{ PrivateKeyType: 'rsa', PrivateKeyBits: 1024 }, 'RSA key length must be 2048 or 4096 bits'],
  [{ RootCert: 'xx' }, 'must provide a private key when providing a root cert'],
  [
    { RootCertTTL: '8h' },
    'root cert TTL is set and is not greater than intermediate cert ttl. root cert ttl: 8h0m0s, intermediate cert ttl: 8760h0m0s',
  ],
  [
    { PrivateKeyBits: 'x', CSRMaxPerSecond: [] },
    "error decoding config: 2 error(s) decoding:\n\n* 'CSRMaxPerSecond' expected type 'float32', got unconvertible type '[]interface {}'\n" +
      '* cannot parse \'PrivateKeyBits\' as int: strconv.ParseInt: parsing "x": invalid syntax',
  ],
  [
    { PrivateKey: { secret: 'sesame' } },
    "error decoding config: 1 error(s) decoding:\n\n* 'PrivateKey' expected type 'string', got unconvertible type 'map[string]interface {}'",
  ],
])('%o is refused', (config, text) => {
  expect(refusal(config)).toBe(text);
});

describe('secrets', () => {
  it('are hidden in any spelling, and come back where they were hidden', () => {
    const config = { LeafCertTTL: '1h', private_key: 'sesame' };
    const shown = hideSecrets(config);
    expect(shown).toEqual({ LeafCertTTL: '1h', private_key: 'hidden' });
    expect(restoreSecrets(shown, config)).toEqual(config);
    expect(restoreSecrets({ PrivateKey: 'hidden' }, config)).toEqual({ PrivateKey: 'sesame' });
    expect(restoreSecrets({ PrivateKey: 'hidden' }, {})).toEqual({ PrivateKey: '' });
  });
});

import { getCiphers } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { listenerTls } from '../../../src/compile/gateways/tls.ts';

const CIPHERS = ['CHACHA20_POLY1305_SHA256', 'AES_128_GCM_SHA256', 'AES_128_CBC_SHA', 'AES_256_GCM_SHA384', 'AES_256_CBC_SHA'];
const SUITES = [
  ...['ECDHE_ECDSA', 'ECDHE_RSA'].flatMap((exchange) => CIPHERS.map((cipher) => `TLS_${exchange}_WITH_${cipher}`)),
  ...CIPHERS.slice(1).map((cipher) => `TLS_RSA_WITH_${cipher}`),
];

describe('TLS of a listener', () => {
  it('names every cipher suite that Consul knows as OpenSSL does', () => {
    const { ciphers } = listenerTls([], { CipherSuites: SUITES });
    expect(ciphers).toHaveLength(SUITES.length);
    expect(ciphers!.filter((cipher) => !getCiphers().includes(cipher.toLowerCase()))).toEqual([]);
    expect(listenerTls([], { CipherSuites: ['TLS_RSA_WITH_AES_128_GCM_SHA256', 'TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA'] }).ciphers).toEqual([
      'AES128-GCM-SHA256',
      'ECDHE-RSA-AES256-SHA',
    ]);
  });

  it('takes versions, and TLS_AUTO for none', () => {
    expect(listenerTls([], { TLSMinVersion: 'TLSv1_2', TLSMaxVersion: 'TLS_AUTO' })).toEqual({ certificates: [], minVersion: 'TLSv1.2' });
  });
});

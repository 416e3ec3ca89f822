import type { SecureContextOptions } from 'node:tls';
import type { TlsParameters, TlsVersion } from '../../compile/proxy-config.ts';

/** All of TLS 1.3 that OpenSSL offers, which no configuration chooses from; the one first that costs a large body least. */
export const TLS13_CIPHERS: readonly string[] = ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'];

/** For Node. Without a lowest version it is `usual`, or the highest if that is lower. */
export function secureOptions({ minVersion, maxVersion, ciphers, curves }: TlsParameters, usual: TlsVersion): SecureContextOptions {
  return {
    minVersion: minVersion ?? (maxVersion !== undefined && maxVersion < usual ? maxVersion : usual),
    ...(maxVersion ? { maxVersion } : {}),
    ...(ciphers ? { ciphers: [...TLS13_CIPHERS, ...ciphers].join(':') } : {}),
    ...(curves ? { ecdhCurve: curves.join(':') } : {}),
  };
}

import type { TlsSettings } from './settings.ts';

/** As `node:tls` takes it. */
export function secureContext(tls: TlsSettings) {
  const { cert, key, ca, verifyIncoming = false, minVersion = 'TLSv1.2', ciphers } = tls;
  const optional = {
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(ca === undefined ? {} : { ca }),
    ...(ciphers === undefined ? {} : { ciphers }),
  };
  return { minVersion, requestCert: verifyIncoming, rejectUnauthorized: verifyIncoming, ...optional };
}

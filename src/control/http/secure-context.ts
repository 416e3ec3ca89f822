import type { TlsSettings } from './settings.ts';

/** As `node:tls` takes it. */
export function secureContext(tls: TlsSettings) {
  const { cert, key, ca, verifyIncoming = false, minVersion = 'TLSv1.2', ciphers } = tls;
  const optional = { ...(ca === undefined ? {} : { ca }), ...(ciphers === undefined ? {} : { ciphers }) };
  return { cert, key, minVersion, requestCert: verifyIncoming, rejectUnauthorized: verifyIncoming, ...optional };
}

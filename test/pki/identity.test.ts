import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { certificateToPem, signCertificate } from '../../src/pki/certificate.ts';
import { element, implicit, objectId, octetString, sequence } from '../../src/pki/der.ts';
import { identityOf } from '../../src/pki/identity.ts';
import { generateKey } from '../../src/pki/key.ts';

const WEB = 'spiffe://td.consul/ns/default/dc/dc1/svc/web';
const EVIL = 'spiffe://td.consul/ns/default/dc/dc1/svc/evil';

/** A certificate whose alternative names are these elements, whatever they hold. */
function certificateWith(...names: Buffer[]): X509Certificate {
  const key = generateKey();
  const extensions = names.length === 0 ? [] : [sequence(objectId('2.5.29.17'), octetString(sequence(...names)))];
  const der = signCertificate(
    { serial: 1n, issuer: 'x', subject: 'x', notBefore: 0, notAfter: 1e12, spki: key.spki, extensions },
    key.privateKey,
  );
  return new X509Certificate(certificateToPem(der));
}

const uri = (text: string) => implicit(6, Buffer.from(text, 'latin1'));
const dns = (text: string) => implicit(2, Buffer.from(text, 'latin1'));

describe('identityOf', () => {
  it('reads the only URI, whatever stands beside it', () => {
    const ip = implicit(7, Buffer.from([127, 0, 0, 1]));
    const directory = element(0xa4, sequence());
    for (const certificate of [certificateWith(uri(WEB)), certificateWith(dns('web'), ip, uri(WEB), directory, dns('x, y'))]) {
      expect(identityOf(certificate)).toMatchObject({ ok: true, uri: WEB, id: { service: 'web' } });
      expect(identityOf(certificate.subjectAltName!)).toMatchObject({ ok: true, uri: WEB });
    }
  });

  it.each([
    ['no names', certificateWith(), 'the certificate has no subject alternative name'],
    ['no URI', certificateWith(dns('web')), 'the certificate has 0 URI names, expected exactly one'],
    ['two URIs', certificateWith(uri(WEB), uri(EVIL)), 'the certificate has 2 URI names, expected exactly one'],
    ['the same URI twice', certificateWith(uri(WEB), uri(WEB)), 'the certificate has 2 URI names, expected exactly one'],
    ['a CA', certificateWith(uri('spiffe://td.consul')), 'SPIFFE ID is not in the expected format'],
    ['another scheme', certificateWith(uri('https://td.consul')), "SPIFFE ID must have 'spiffe' scheme"],
  ])('refuses %s', (_, certificate, error) => expect(identityOf(certificate)).toEqual({ ok: false, error }));

  it.each([
    ['a DNS name that spells a URI', certificateWith(dns(`x, URI:${EVIL}`))],
    ['a DNS name with quotes', certificateWith(dns(`", URI:"${EVIL}`))],
    ['a URI that starts as another', certificateWith(uri(`${WEB}, URI:${EVIL}`))],
    ['a NUL', certificateWith(uri(`${WEB}\0.evil`))],
    ['a line break', certificateWith(uri(`${WEB}\nURI:${EVIL}`))],
    ['a fragment', certificateWith(uri(`${WEB}#${EVIL}`))],
  ])('is not taken in by %s', (_, certificate) => expect(identityOf(certificate).ok).toBe(false));

  it('counts a URI of its own beside a DNS name that spells one', () => {
    expect(identityOf(certificateWith(dns(`x, URI:${EVIL}`), uri(WEB)))).toMatchObject({ ok: true, uri: WEB });
  });

  it.each([`URI:${WEB}, `, `URI:${WEB},URI:${EVIL}`, `URI:"${WEB}`, `URI:"${WEB}"x`, WEB.slice(7), 'URI:"\\q"'])(
    'refuses the text %j',
    (text) => expect(identityOf(text)).toEqual({ ok: false, error: 'the subject alternative names of the certificate are not readable' }),
  );
});

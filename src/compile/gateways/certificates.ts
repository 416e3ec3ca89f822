import { X509Certificate } from 'node:crypto';
import { entry } from '../../catalog/queries.ts';
import type { Snapshot } from '../../catalog/snapshot.ts';
import type { FileSystemCertificate } from '../../entries/gateways/file-system-certificate.ts';
import type { InlineCertificate } from '../../entries/gateways/inline-certificate.ts';
import type { Reference } from '../../entries/gateways/reference.ts';
import type { CertificateSource, LeafCertificate } from '../proxy-config.ts';

const INLINE = 'inline-certificate';

/** Where the data plane gets a certificate of a listener from; undefined when there is no such entry. */
export function certificateSource(s: Snapshot, dc: string, { Kind, Name }: Reference): CertificateSource | undefined {
  const found = entry(s, dc, Kind, Name).value;
  if (!found) return undefined;
  if (Kind === INLINE) return { secret: `${INLINE}/${dc}/${found.Name}` };
  const { Certificate, PrivateKey } = found as unknown as FileSystemCertificate;
  return { certFile: Certificate, keyFile: PrivateKey };
}

/** Whether a certificate is one that a user gave, and not one of the mesh's own CA. */
export const isGiven = (identity: string): boolean => identity.startsWith(`${INLINE}/`);

/** The certificate of an entry, by the name that `certificateSource` gives it. Secret: with its key. */
export function givenCertificate(s: Snapshot, secret: string): LeafCertificate | undefined {
  const [, dc = '', ...name] = secret.split('/');
  const found = entry(s, dc, INLINE, name.join('/')).value;
  if (!found) return undefined;
  const { Certificate, PrivateKey } = found as unknown as InlineCertificate;
  const notAfter = Date.parse(new X509Certificate(Certificate).validTo);
  return { identity: secret, certPem: Certificate, keyPem: PrivateKey, notAfter };
}

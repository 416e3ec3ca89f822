import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { type Decoded, object, string, withDefault } from '../../schema/schema.ts';
import { canonicalEntry } from '../canonical.ts';
import type { EntryBase, EntryKind } from '../kind.ts';
import { validateMeta } from '../meta.ts';
import { problem } from '../problem.ts';
import { isDomainName } from './domain-name.ts';

const schema = object({
  Certificate: withDefault(string(), '', 'The certificate, and those that it comes from, PEM.'),
  PrivateKey: withDefault(string(), '', 'Its private key, PEM. Whoever may read entries of this kind reads it.'),
});

export type InlineCertificate = EntryBase & Decoded<typeof schema>;

/** A certificate for listeners of an api-gateway. */
export const inlineCertificate: EntryKind<InlineCertificate> = {
  kind: 'inline-certificate',
  schema,
  normalize: (entry) => canonicalEntry(entry, schema),
  validate: (entry) => {
    const wrong = pairProblem(entry);
    return [...validateMeta(entry), ...(wrong ? [problem('alone', wrong[0], wrong[1])] : [])];
  },
  references: () => [],
};

const MIN_RSA_BITS = 2048;
const PEM = /-----BEGIN ([A-Z0-9 ]+)-----\r?\n[\s\S]*?-----END \1-----/;

/** The first thing wrong with the pair, in the words of Consul and of Go's TLS. Never quotes the key. */
function pairProblem({ Certificate: certificatePem, PrivateKey: keyPem }: InlineCertificate): [field: string, text: string] | undefined {
  if (!PEM.test(keyPem)) return ['PrivateKey', 'failed to parse private key PEM'];
  const key = attempt(() => createPrivateKey(keyPem));
  if (key && isShortRsa(key, keyPem)) return ['PrivateKey', `key length must be at least ${MIN_RSA_BITS} bits`];
  if (!PEM.test(certificatePem)) return ['Certificate', 'failed to parse certificate PEM'];
  const certificate = attempt(() => new X509Certificate(certificatePem));
  if (!certificate) return ['Certificate', 'failed to parse certificate: x509: malformed certificate'];
  if (!key) return ['PrivateKey', 'tls: failed to parse private key'];
  if (key.asymmetricKeyType !== certificate.publicKey.asymmetricKeyType) {
    return ['PrivateKey', 'tls: private key type does not match public key type'];
  }
  if (!certificate.checkPrivateKey(key)) return ['PrivateKey', 'tls: private key does not match public key'];
  const stray = hostsOf(certificate).find((host) => !isDomainName(host));
  return stray === undefined ? undefined : ['Certificate', `host ${JSON.stringify(stray)} must be a valid DNS hostname`];
}

/** Envoy takes no shorter ones. Consul looks at keys in PKCS #1 only. */
const isShortRsa = (key: KeyObject, pem: string): boolean =>
  pem.includes('BEGIN RSA PRIVATE KEY') && (key.asymmetricKeyDetails?.modulusLength ?? MIN_RSA_BITS) < MIN_RSA_BITS;

/** Common name first, which must be there. */
function hostsOf(certificate: X509Certificate): string[] {
  const common = /(?:^|\n)CN=([^\n]*)/.exec(certificate.subject)?.[1] ?? '';
  const names = (certificate.subjectAltName ?? '').split(', ').map((name) => /^(?:DNS|IP Address):(.*)$/.exec(name)?.[1]);
  return [common, ...names.filter((name) => name !== undefined)];
}

function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}

import { boolean, element, implicit, namedBits, objectId, octetString, sequence } from './der.ts';
import { addressOctets } from './ip-address.ts';

/** The certificate extensions that a mesh certificate has (RFC 5280 4.2.1), as complete DER elements. */

type Role = 'ca' | 'leaf';

/** Consul: CA = digitalSignature, keyCertSign, cRLSign; leaf = digitalSignature, keyEncipherment, dataEncipherment, keyAgreement. */
function keyUsage(role: Role): Buffer {
  return extension('2.5.29.15', 'critical', role === 'ca' ? namedBits(0, 5, 6) : namedBits(0, 2, 3, 4));
}

/** Client and server: a sidecar is both. */
function extendedKeyUsage(): Buffer {
  return extension('2.5.29.37', 'plain', sequence(objectId('1.3.6.1.5.5.7.3.2'), objectId('1.3.6.1.5.5.7.3.1')));
}

/** No path length: a cross-signed root stands below the new one after a rotation. */
function basicConstraints(role: Role): Buffer {
  return extension('2.5.29.19', 'critical', role === 'ca' ? sequence(boolean(true)) : sequence());
}

function subjectKeyIdentifier(id: Buffer): Buffer {
  return extension('2.5.29.14', 'plain', octetString(id));
}

export function authorityKeyIdentifier(id: Buffer): Buffer {
  return extension('2.5.29.35', 'plain', sequence(implicit(0, id)));
}

/** Exactly one URI, which SPIFFE demands, and names. Throws a RangeError on what is not ASCII: the field is an IA5String. */
export function subjectAlternativeUri(uri: string, dnsNames: readonly string[] = []): Buffer {
  const wrong = [uri, ...dnsNames].find((text) => !/^[\x21-\x7e]+$/.test(text));
  if (wrong !== undefined) throw new RangeError(`${JSON.stringify(wrong)} can't stand in a certificate: expected printable ASCII`);
  const names = dnsNames.map((name) => implicit(2, Buffer.from(name, 'ascii')));
  return extension('2.5.29.17', 'plain', sequence(...names, implicit(6, Buffer.from(uri, 'ascii'))));
}

/** Names and addresses of a server. Throws a RangeError on what is neither an IA5String nor an address. */
export function subjectAlternativeNames(dnsNames: readonly string[], ipAddresses: readonly string[]): Buffer {
  const wrong = dnsNames.find((name) => !/^[\x21-\x7e]+$/.test(name));
  if (wrong !== undefined) throw new RangeError(`${JSON.stringify(wrong)} can't stand in a certificate: expected printable ASCII`);
  const names = dnsNames.map((name) => implicit(2, Buffer.from(name, 'ascii')));
  return extension('2.5.29.17', 'plain', sequence(...names, ...ipAddresses.map((address) => implicit(7, addressOctets(address)))));
}

/** What every self-signed CA with this key has. */
export function caExtensions(id: Buffer): Buffer[] {
  return [keyUsage('ca'), basicConstraints('ca'), subjectKeyIdentifier(id), authorityKeyIdentifier(id)];
}

/** The same for one that another CA has signed, which comes in addition. */
export function crossSignedExtensions(id: Buffer): Buffer[] {
  return [keyUsage('ca'), basicConstraints('ca'), subjectKeyIdentifier(id)];
}

/** What every leaf with this key has; who signed it, and for what names, comes in addition. */
export function leafExtensions(id: Buffer): Buffer[] {
  return [keyUsage('leaf'), extendedKeyUsage(), basicConstraints('leaf'), subjectKeyIdentifier(id)];
}

/** What a certificate of an agent's own servers is for; Consul's `-cli` certificates say nothing of it. */
export type AgentUse = 'server' | 'client' | 'cli';

const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
const USES: Readonly<Record<AgentUse, readonly string[]>> = {
  server: [SERVER_AUTH, CLIENT_AUTH],
  client: [CLIENT_AUTH, SERVER_AUTH],
  cli: [],
};

/** Consul's `tls cert create`: digitalSignature and keyEncipherment. */
export function agentLeafExtensions(id: Buffer, use: AgentUse): Buffer[] {
  const extended = USES[use].length > 0 ? [extension('2.5.29.37', 'plain', sequence(...USES[use].map(objectId)))] : [];
  return [extension('2.5.29.15', 'critical', namedBits(0, 2)), ...extended, basicConstraints('leaf'), subjectKeyIdentifier(id)];
}

/** A CA that may sign for these DNS names only, and for what is below them (RFC 5280 4.2.1.10). */
export function nameConstraints(dnsNames: readonly string[]): Buffer {
  const permitted = dnsNames.map((name) => sequence(implicit(2, Buffer.from(name, 'ascii'))));
  return extension('2.5.29.30', 'critical', sequence(element(0xa0, ...permitted)));
}

function extension(id: string, weight: 'critical' | 'plain', value: Buffer): Buffer {
  // A default (critical = false) must be left out in DER.
  const critical = weight === 'critical' ? [boolean(true)] : [];
  return sequence(objectId(id), ...critical, octetString(value));
}

import { X509Certificate } from 'node:crypto';
import type { Authorizer } from '../../../../acl/authorizer.ts';
import type { Certificates, LeafInfo, RootInfo } from '../../../../api/certificates.ts';
import { isGiven } from '../../../../compile/gateways/certificates.ts';
import type { Root } from '../../../../pki/root.ts';
import { parseIdentity } from '../../../../pki/spiffe.ts';
import type { ShownCertificate } from '../../../dataplane/link.ts';
import { type Answer, json } from '../../answer.ts';
import type { Api, ApiRequest, Endpoint } from '../../endpoint.ts';

export const certificates: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/v1/mesh/certificates',
    doc: 'Roots of the CA and the certificates that the data plane shows, with how long they are good for. No keys.',
    acl: 'none for roots; service:read, or mesh:read for what is no service',
    handle: read,
  },
];

function read({ acl }: ApiRequest, mesh: Api): Answer {
  const shown = acl.filter(mesh.agent.traffic.certificates(), ({ identity }) => mayRead(acl, identity));
  const answer: Certificates = {
    trustDomain: mesh.trustDomain,
    at: mesh.clock.now(),
    roots: mesh.roots().map((root, i) => rootInfo(root, i === 0)),
    leaves: shown.map(leafInfo).toSorted((a, b) => a.notAfter - b.notAfter || (a.identity < b.identity ? -1 : 1)),
  };
  return json(answer);
}

function mayRead(acl: Authorizer, identity: string): boolean {
  const parsed = parseIdentity(identity);
  const service = parsed.ok && parsed.identity.kind === 'service' ? parsed.identity.service : undefined;
  return service === undefined ? acl.allows('mesh', 'read') : acl.allows('service', 'read', service);
}

const rootInfo = ({ id, commonName, keyType = 'ec', keyBits = 256, serial, notBefore, notAfter }: Root, active: boolean): RootInfo => ({
  id,
  commonName,
  active,
  keyType: `${keyType.toUpperCase()} ${keyBits}`,
  serial: serial.toString(16),
  notBefore,
  notAfter,
});

function leafInfo({ identity, certPem, proxies }: ShownCertificate): LeafInfo {
  const { serialNumber, validFrom, validTo, subjectAltName = '' } = new X509Certificate(certPem);
  return {
    identity,
    proxies,
    dnsNames: [...subjectAltName.matchAll(/(?:^|, )DNS:([^,"]+)/g)].map(([, name]) => name!),
    renewed: isGiven(identity) ? 'by hand' : 'by the agent',
    serial: serialNumber.toLowerCase(),
    notBefore: Date.parse(validFrom),
    notAfter: Date.parse(validTo),
  };
}

import type { Root } from '../../../pki/root.ts';
import type { Answer } from '../answer.ts';
import { answerQuery } from '../blocking.ts';
import type { Api, ApiRequest, Endpoint } from '../endpoint.ts';

/** Roots never change while the agent runs, so a blocking query for them waits its time out. */
const ROOTS_INDEX = 1;

export const roots: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/v1/connect/ca/roots',
    doc: 'Trusted root certificates; ?pem=true for the bare certificates.',
    acl: 'none',
    handle: answer,
  },
  { method: 'GET', path: '/v1/agent/connect/ca/roots', doc: 'The same, as agents cache it.', acl: 'none', handle: answer },
];

function answer(request: ApiRequest, mesh: Api): Answer | Promise<Answer> {
  const all = mesh.roots();
  if (request.query.get('pem') === 'true') {
    const text = all.map((root) => root.certPem).join('');
    return { type: 'text', text, contentType: 'application/pem-certificate-chain', meta: { index: ROOTS_INDEX } };
  }
  return answerQuery(request, mesh, () => ({ value: rootsJson(mesh.trustDomain, all), index: ROOTS_INDEX, watch: [] }));
}

function rootsJson(trustDomain: string, all: readonly Root[]): object {
  return {
    ActiveRootID: all[0]?.id ?? '',
    TrustDomain: trustDomain,
    Roots: all.map((root, i) => ({
      ID: root.id,
      Name: root.name,
      SerialNumber: root.serial,
      SigningKeyID: root.signingKeyId,
      ExternalTrustDomain: root.trustDomain.replace(/\.consul$/, ''),
      NotBefore: rfc3339(root.notBefore),
      NotAfter: rfc3339(root.notAfter),
      RootCert: root.certPem,
      IntermediateCerts: null,
      Active: i === 0,
      PrivateKeyType: 'ec',
      PrivateKeyBits: 256,
      CreateIndex: ROOTS_INDEX,
      ModifyIndex: ROOTS_INDEX,
    })),
  };
}

const rfc3339 = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');

import { type CaConfiguration, type CaRoot, caConfiguration, caRoots } from '../../../catalog/ca.ts';
import { any, bool, goStruct, int, map, optional, string } from '../../../schema/schema.ts';
import { type Answer, HttpError, json } from '../answer.ts';
import { blockingQuery, requireDatacenter } from '../blocking.ts';
import type { Api, ApiRequest, Endpoint } from '../endpoint.ts';
import { readJsonBody } from '../json-body.ts';

export const ca: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/v1/connect/ca/roots',
    doc: 'Trusted root certificates; ?pem=true for the bare certificates.',
    acl: 'none',
    handle: (request, mesh) => roots(request, mesh, {}),
  },
  {
    method: 'GET',
    path: '/v1/agent/connect/ca/roots',
    doc: 'The same, as agents cache it.',
    acl: 'none',
    handle: (request, mesh) => roots(request, mesh, { 'X-Cache': 'HIT', Age: '0' }),
  },
  {
    method: 'GET',
    path: '/v1/connect/ca/configuration',
    doc: 'Configuration of the CA. A private key in it is not shown: `hidden` stands in its place.',
    acl: 'operator:write',
    handle: readConfiguration,
  },
  {
    method: 'PUT',
    path: '/v1/connect/ca/configuration',
    doc: 'Configures the CA. Another PrivateKey, RootCert, PrivateKeyType or PrivateKeyBits makes a new root, which the old one cross-signs.',
    acl: 'operator:write',
    handle: writeConfiguration,
  },
];

async function roots(request: ApiRequest, mesh: Api, headers: Readonly<Record<string, string>>): Promise<Answer> {
  const { value, index } = await blockingQuery(request, mesh, caRoots);
  if (request.query.get('pem') === 'true') {
    const text = value.flatMap((root) => [root.RootCert, ...(root.IntermediateCerts ?? [])]).join('');
    return { type: 'text', text, contentType: 'application/pem-certificate-chain', meta: { index } };
  }
  return { type: 'json', value: rootsJson(mesh.trustDomain, value), meta: { index }, headers };
}

function rootsJson(trustDomain: string, all: readonly CaRoot[]): object {
  return { ActiveRootID: all.find((root) => root.Active)?.ID ?? '', TrustDomain: trustDomain, Roots: all };
}

function readConfiguration(request: ApiRequest, mesh: Api): Answer {
  request.acl.require('operator', 'write');
  requireDatacenter(mesh, request.options.dc);
  const found = caConfiguration(mesh.snapshot.value, request.options.dc);
  if (!found) throw new HttpError(500, 'CA has not finished initializing');
  return json(configurationJson(found));
}

function configurationJson({ Provider, Config, ForceWithoutCrossSigning, CreateIndex, ModifyIndex }: CaConfiguration): object {
  return { Provider, Config, State: null, ForceWithoutCrossSigning, CreateIndex, ModifyIndex };
}

const configurationBody = goStruct(
  '',
  {
    Provider: optional(string(), 'consul'),
    Config: optional(map(any()), 'What the provider is told.'),
    State: optional(map(string()), 'Ignored.'),
    ForceWithoutCrossSigning: optional(bool(), 'Rotate even where the old root can not cross-sign the new one.'),
    CreateIndex: optional(int(), 'Ignored.'),
    ModifyIndex: optional(int(), 'Ignored.'),
  },
  { aliases: { force_without_cross_signing: 'ForceWithoutCrossSigning' } },
);

async function writeConfiguration(request: ApiRequest, mesh: Api): Promise<Answer> {
  request.acl.require('operator', 'write');
  requireDatacenter(mesh, request.options.dc);
  const prefix = mesh.compat === '1.8' ? 'Bad request: Request decode failed: ' : 'Request decode failed: ';
  const {
    Provider: provider = '',
    Config: config = null,
    ForceWithoutCrossSigning: force = false,
  } = readJsonBody(request, configurationBody, { prefix });
  await mesh.ca.configure({ provider, config, forceWithoutCrossSigning: force });
  return { type: 'empty' };
}

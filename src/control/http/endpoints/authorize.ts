import { authorize, type Decision } from '../../../catalog/intentions.ts';
import { parseIdentity } from '../../../pki/spiffe.ts';
import { goStruct, optional, string } from '../../../schema/schema.ts';
import { type Answer, HttpError } from '../answer.ts';
import type { Api, ApiRequest, Endpoint } from '../endpoint.ts';
import { readJsonBody } from '../json-body.ts';

export const connectAuthorize: readonly Endpoint[] = [
  {
    method: 'POST',
    path: '/v1/agent/connect/authorize',
    doc: 'Whether the bearer of the certificate with this ClientCertURI may connect to the Target, and why. Proxies ask for each connection.',
    acl: 'service:write',
    handle: authorizeConnection,
  },
];

const body = goStruct('structs.ConnectAuthorizeRequest', {
  Target: optional(string(), 'Service that is called.'),
  ClientCertURI: optional(string(), 'SPIFFE URI of the caller. Only the name of the service in it counts.'),
  ClientCertSerial: optional(string(), 'Serial number of its certificate, `09:0a`.'),
  Namespace: optional(string(), 'default.'),
  Partition: optional(string(), 'default.'),
});

function authorizeConnection(request: ApiRequest, mesh: Api): Answer {
  const prefix = mesh.compat === '1.8' ? 'Bad request: ' : '';
  const refuse = (text: string): HttpError => new HttpError(400, prefix + text);
  const { Target = '', ClientCertURI = '' } = readJsonBody(request, body, { prefix: `${prefix}Request decode failed: ` });
  if (Target === '') throw refuse('Target service must be specified');
  const caller = parseIdentity(ClientCertURI);
  if (!caller.ok) throw refuse('ClientCertURI not a valid Connect identifier');
  if (caller.identity.kind !== 'service') throw refuse('ClientCertURI not a valid Service identifier');
  request.acl.require('service', 'write', Target);
  const decision = authorize(mesh.snapshot.value, mesh.datacenter, caller.identity.service, Target, mesh.acls.intentionDefault);
  const value = { Authorized: decision.allowed, Reason: reasonOf(decision, mesh) };
  // The answer is as fresh as what everything else is answered from.
  return { type: 'json', value, headers: { 'X-Cache': 'HIT', Age: '0' } };
}

/** 1.8 knew no permissions, and named what decides where no intention does. */
function reasonOf({ rule, reason }: Decision, { compat, acls }: Api): string {
  if (compat === '1.8') return rule || acls.enabled ? reason : 'ACLs disabled, access is allowed by default';
  const layer = rule && rule.permissions.length > 0 ? 'L7' : 'L4';
  return reason.replace(/^Matched intention/, `Matched ${layer} intention`);
}

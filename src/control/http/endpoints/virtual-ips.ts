import { isIPv4 } from 'node:net';
import type { ManualVipsOutcome } from '../../../catalog/manual-vips.ts';
import { goStruct, list, string, withDefault } from '../../../schema/schema.ts';
import { type Answer, HttpError, json } from '../answer.ts';
import { requireWritableDatacenter } from '../datacenter.ts';
import type { Api, ApiRequest, Endpoint } from '../endpoint.ts';
import { readJsonBody } from '../json-body.ts';

/** Consul's limit. */
const MOST_VIPS = 8;

const body = goStruct('structs.AssignServiceManualVIPsRequest', {
  Service: withDefault(string(), '', 'The service that they are for.'),
  ManualVIPs: withDefault(list(string()), [], 'IPv4 addresses, instead of those that it had.'),
  Token: withDefault(string(), '', 'Instead of the header.'),
});

export const virtualIps: readonly Endpoint[] = [
  {
    method: 'PUT',
    path: '/v1/internal/service-virtual-ip',
    doc: 'Gives a service of the mesh further addresses for transparent proxies, and takes them from others.',
    acl: 'mesh:write',
    handle: assign,
  },
];

async function assign(request: ApiRequest, mesh: Api): Promise<Answer> {
  const { dc } = request.options;
  requireWritableDatacenter(mesh, dc);
  const { Service: service, ManualVIPs: addresses } = readJsonBody(request, body);
  request.acl.require('mesh', 'write');
  if (addresses.length > MOST_VIPS)
    throw new HttpError(500, `cannot associate more than ${MOST_VIPS} manual virtual IPs with the same service`);
  for (const address of addresses) {
    if (!isIPv4(address)) throw new HttpError(500, `${JSON.stringify(address)} is not a valid IPv4 address`);
    if (address.startsWith('240.')) throw new HttpError(500, 'manual VIP cannot be from auto-assigned range');
  }
  const { outcomes } = await mesh.commit([{ type: 'set-manual-vips', dc, service, addresses }]);
  const { found, unassignedFrom } = outcomes[0] as ManualVipsOutcome;
  return json({ Found: found, UnassignedFrom: unassignedFrom.map((name) => ({ ServiceName: { Name: name }, Peer: '' })) });
}

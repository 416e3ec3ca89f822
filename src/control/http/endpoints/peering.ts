import { peering as onePeering, type Peering, peeringById, peerings } from '../../../catalog/peerings.ts';
import { exportedServices } from '../../../compile/exports.ts';
import { type Decoded, list, map, object, optional, string } from '../../../schema/schema.ts';
import { addressesOf, decodeToken, encodeToken, isAddress } from '../../peering/token.ts';
import { EXCHANGE_PATH } from '../../peering/wire.ts';
import { type Answer, HttpError, json } from '../answer.ts';
import { answerQuery, blockingQuery, requireDatacenter } from '../blocking.ts';
import type { Api, ApiRequest, Endpoint } from '../endpoint.ts';
import { readJsonBody } from '../json-body.ts';

export const peering: readonly Endpoint[] = [
  {
    method: 'POST',
    path: '/v1/peering/token',
    doc: 'Makes a token with which another mesh becomes a peer; the peering is PENDING until it is used.',
    acl: 'peering:write',
    handle: generateToken,
  },
  {
    method: 'POST',
    path: '/v1/peering/establish',
    doc: 'Becomes a peer of the mesh that made a token. ESTABLISHING until the other end has answered.',
    acl: 'peering:write',
    handle: establish,
  },
  {
    method: 'POST',
    path: EXCHANGE_PATH,
    doc: 'Beyond Consul: what two agents of this program tell each other. Only who knows the secret of the token is answered.',
    acl: 'none',
    handle: accept,
  },
  { method: 'GET', path: '/v1/peerings', doc: 'All peerings.', acl: 'peering:read', handle: readAll },
  { method: 'GET', path: '/v1/peering/:name', doc: 'One peering.', acl: 'peering:read', handle: read },
  {
    method: 'DELETE',
    path: '/v1/peering/:name',
    doc: 'Deletes a peering; one that is not there is fine. The other end is TERMINATED when it notices.',
    acl: 'peering:write',
    handle: remove,
  },
  {
    method: 'GET',
    path: '/v1/exported-services',
    doc: 'Services that are offered to peers, wildcards resolved.',
    acl: 'mesh:read, or service:read',
    handle: readExported,
  },
  {
    method: 'GET',
    path: '/v1/imported-services',
    doc: 'Services that peers offer.',
    acl: 'mesh:read, or service:read',
    handle: readImported,
  },
];

const common = {
  PeerName: optional(string(), 'What the peer is called here.'),
  Partition: optional(string(), 'Needs Consul Enterprise.'),
  Meta: optional(map(string()), 'Facts about it.'),
};
const tokenRequest = object({
  ...common,
  ServerExternalAddresses: optional(list(string()), 'Where the other end finds this one; its own address by default.'),
});
const establishRequest = object({ ...common, PeeringToken: optional(string(), 'Of the other end.') });

const BODY = { prefix: 'Body decoding failed: ', unknown: 'ignore' } as const;

async function generateToken(request: ApiRequest, mesh: Api): Promise<Answer> {
  request.acl.require('peering', 'write');
  const given = readJsonBody(request, tokenRequest, BODY);
  const name = nameOf(given, 'PeerName is required in the payload when generating a new peering token.');
  const addresses = given.ServerExternalAddresses ?? [];
  const wrong = addresses.find((address) => !isAddress(address));
  if (wrong !== undefined) throw new HttpError(400, `${wrong} is not a valid peering server address`);
  const { dc } = request.options;
  requireDatacenter(mesh, dc);
  const existing = onePeering(mesh.snapshot.value, dc, name).value;
  if (existing && existing.PeerServerAddresses.length > 0) {
    throw new HttpError(500, `cannot create peering with name: ${JSON.stringify(name)}; there is already an established peering`);
  }
  const { secret, kept } = mesh.peerings.makeSecret();
  const {
    CreateIndex: _,
    ModifyIndex: cas,
    ...before
  } = existing ?? { ...blank(name), CreateIndex: 0, ModifyIndex: 0, ID: mesh.random.uuid() };
  // An earlier token is good no more.
  const row = { ...before, Meta: given.Meta ?? before.Meta, Secret: kept };
  const { applied } = await mesh.commit([{ type: 'put-peering', dc, peering: row, cas }]);
  if (!applied) throw new HttpError(500, 'peering was deleted while token generation request was in flight');
  const PeeringToken = encodeToken({
    CA: mesh.roots().map(({ certPem }) => certPem),
    ManualServerAddresses: addresses.length > 0 ? addresses : null,
    ServerAddresses: [mesh.address],
    ServerName: `server.${dc}.peering.${mesh.trustDomain}`,
    PeerID: row.ID,
    EstablishmentSecret: secret,
    Remote: { Partition: '', Datacenter: dc },
  });
  return json({ PeeringToken });
}

async function establish(request: ApiRequest, mesh: Api): Promise<Answer> {
  request.acl.require('peering', 'write');
  const given = readJsonBody(request, establishRequest, BODY);
  const name = nameOf(given, 'PeerName is required in the payload when establishing a peering.');
  if (!given.PeeringToken) throw new HttpError(400, 'PeeringToken is required in the payload when establishing a peering.');
  const decoded = decodeToken(given.PeeringToken);
  if (!decoded.ok) throw new HttpError(400, decoded.error);
  const { token } = decoded;
  const { dc } = request.options;
  requireDatacenter(mesh, dc);
  const s = mesh.snapshot.value;
  if (peeringById(s, token.PeerID)?.dc === dc)
    throw new HttpError(500, `cannot create a peering within the same datacenter ${JSON.stringify(dc)}`);
  const existing = onePeering(s, dc, name).value;
  const taken = `cannot create peering with name: ${JSON.stringify(name)}`;
  if (existing && existing.PeerServerAddresses.length === 0)
    throw new HttpError(500, `${taken}; there is an existing peering expecting to be dialed`);
  if (existing?.State === 'ACTIVE') throw new HttpError(500, `${taken}; there is already an established peering`);
  const row = {
    ...blank(name),
    ID: existing?.ID ?? mesh.random.uuid(),
    Meta: given.Meta ?? {},
    State: 'ESTABLISHING',
    PeerID: token.PeerID,
    PeerCAPems: token.CA ?? [],
    PeerServerName: token.ServerName,
    PeerServerAddresses: addressesOf(token),
    Remote: token.Remote,
    Secret: token.EstablishmentSecret,
  } as const;
  await mesh.commit([{ type: 'put-peering', dc, peering: row }]);
  return json({});
}

/** Throws an HttpError for a name that is none. */
function nameOf({ PeerName = '', Partition = '', Meta = {} }: Decoded<typeof establishRequest>, missing: string): string {
  if (PeerName === '') throw new HttpError(400, missing);
  if (Partition !== '' && Partition !== 'default') throw new HttpError(400, 'Partitions are a Consul Enterprise feature');
  if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i.test(PeerName)) {
    const why = "a valid DNS label has up to 63 alphanumeric characters or '-', and begins and ends with an alphanumeric one";
    throw new HttpError(400, `${PeerName} is not a valid peer name: ${why}`);
  }
  const wrong = Object.entries(Meta).find(([key, value]) => !/^[a-zA-Z0-9_-]{1,128}$/.test(key) || value.length > 512);
  if (wrong) throw new HttpError(400, `meta tags failed validation: Couldn't load metadata pair ('${wrong[0]}', '${wrong[1]}')`);
  return PeerName.toLowerCase();
}

/** Waits to be dialed. */
const blank = (Name: string): Omit<Peering, 'ID' | 'CreateIndex' | 'ModifyIndex'> => ({
  Name,
  Meta: {},
  State: 'PENDING',
  PeerID: '',
  PeerCAPems: [],
  PeerServerName: '',
  PeerServerAddresses: [],
  Remote: { Partition: '', Datacenter: '' },
  Secret: '',
});

const exchangeRequest = object({
  PeerID: optional(string(), 'Id of the peering here.'),
  Secret: optional(string(), 'Of the token.'),
  Datacenter: optional(string(), "The caller's."),
  CAPems: optional(list(string()), "The caller's certificates."),
  ExportedServices: optional(list(string()), 'What the caller offers.'),
});

async function accept(request: ApiRequest, mesh: Api): Promise<Answer> {
  const { PeerID = '', Secret = '', Datacenter = '', CAPems = [], ExportedServices = [] } = readJsonBody(request, exchangeRequest, BODY);
  const reply = await mesh.peerings.accept({ PeerID, Secret, Datacenter, CAPems, ExportedServices });
  // The same for a wrong secret: who does not know it learns nothing.
  if (!reply) throw new HttpError(404, 'Peering not found');
  return json(reply);
}

async function readAll(request: ApiRequest, mesh: Api): Promise<Answer> {
  request.acl.require('peering', 'read');
  return answerQuery(request, mesh, peerings, (found) => found.map((row) => peeringJson(mesh, request.options.dc, row)));
}

async function read(request: ApiRequest, mesh: Api): Promise<Answer> {
  const name = request.params[0] ?? '';
  if (name === '') throw new HttpError(400, 'Must specify a name to fetch.');
  request.acl.require('peering', 'read');
  const { value, index } = await blockingQuery(request, mesh, (s, dc) => onePeering(s, dc, name));
  if (!value) throw new HttpError(404, `Peering not found for ${JSON.stringify(name)}`, { meta: { index } });
  return json(peeringJson(mesh, request.options.dc, value), { index });
}

async function remove(request: ApiRequest, mesh: Api): Promise<Answer> {
  const name = request.params[0] ?? '';
  if (name === '') throw new HttpError(400, 'Must specify a name to fetch.');
  request.acl.require('peering', 'write');
  requireDatacenter(mesh, request.options.dc);
  await mesh.commit([{ type: 'delete-peering', dc: request.options.dc, name }]);
  return { type: 'empty' };
}

/** Without the secret. */
function peeringJson(mesh: Api, dc: string, row: Peering): object {
  const { imported, lastHeartbeat, lastReceive, lastSend } = mesh.peerings.status(row.ID);
  const time = (ms: number | undefined): string | null => (ms === undefined ? null : new Date(ms).toISOString());
  const exported = row.State === 'ACTIVE' ? mesh.peerings.exportedTo(dc, row.Name) : [];
  return {
    ID: row.ID,
    Name: row.Name,
    ...(Object.keys(row.Meta).length > 0 ? { Meta: row.Meta } : {}),
    State: row.State,
    ...(row.PeerID === '' ? {} : { PeerID: row.PeerID }),
    ...(row.PeerCAPems.length > 0 ? { PeerCAPems: row.PeerCAPems } : {}),
    ...(row.PeerServerName === '' ? {} : { PeerServerName: row.PeerServerName }),
    ...(row.PeerServerAddresses.length > 0 ? { PeerServerAddresses: row.PeerServerAddresses } : {}),
    StreamStatus: {
      ImportedServices: imported.length > 0 ? imported : null,
      ExportedServices: exported.length > 0 ? exported : null,
      LastHeartbeat: time(lastHeartbeat),
      LastReceive: time(lastReceive),
      LastSend: time(lastSend),
    },
    CreateIndex: row.CreateIndex,
    ModifyIndex: row.ModifyIndex,
    Remote: row.Remote,
  };
}

function readExported(request: ApiRequest, mesh: Api): Promise<Answer> {
  return answerQuery(request, mesh, exportedServices, (found) =>
    request.acl
      .filter(found, ({ service }) => mayRead(request, service))
      .map(({ service, peers }) => ({ Service: service, Consumers: { Peers: peers } })),
  );
}

function readImported(request: ApiRequest, mesh: Api): Promise<Answer> {
  return answerQuery(request, mesh, peerings, (found) => {
    const all = found.flatMap((row) =>
      mesh.peerings.status(row.ID).imported.map((service) => ({ Service: service, SourcePeer: row.Name })),
    );
    return request.acl.filter(all, ({ Service }) => mayRead(request, Service)).toSorted((a, b) => (a.Service < b.Service ? -1 : 1));
  });
}

const mayRead = ({ acl }: ApiRequest, service: string): boolean => acl.allows('mesh', 'read') || acl.allows('service', 'read', service);

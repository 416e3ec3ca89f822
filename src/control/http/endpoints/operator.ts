import { formatDuration } from '../../../base/duration.ts';
import { autopilotConfig } from '../../../catalog/autopilot.ts';
import { datacenter } from '../../../catalog/snapshot.ts';
import { bool, duration, goStruct, goType, int, string, withDefault } from '../../../schema/schema.ts';
import { consulVersion } from '../../compatibility.ts';
import { type Answer, HttpError, json } from '../answer.ts';
import { requireDatacenter } from '../blocking.ts';
import type { Api, ApiRequest, Endpoint } from '../endpoint.ts';
import { readJsonBody } from '../json-body.ts';
import { keyringRows } from './keyring.ts';
import { serverAddress } from './status.ts';

export const operator: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/v1/operator/raft/configuration',
    doc: 'Servers of the cluster: this one.',
    acl: 'operator:read',
    handle: raftConfiguration,
  },
  {
    method: 'DELETE',
    path: '/v1/operator/raft/peer',
    doc: 'Removes a server by ?id= or ?address=; the only one stays.',
    acl: 'operator:write',
    handle: removePeer,
  },
  {
    method: 'POST',
    path: '/v1/operator/raft/transfer-leader',
    doc: 'Lets another server lead; there is none.',
    acl: 'operator:write',
    handle: transferLeader,
  },
  {
    method: 'GET',
    path: '/v1/operator/autopilot/configuration',
    doc: 'How servers look after each other.',
    acl: 'operator:read',
    handle(request, mesh) {
      request.acl.require('operator', 'read');
      requireDatacenter(mesh, request.options.dc);
      return json(autopilotConfig(mesh.snapshot.value, request.options.dc));
    },
  },
  {
    method: 'PUT',
    path: '/v1/operator/autopilot/configuration',
    doc: 'Replaces it; with ?cas=INDEX only if it is at that index. Answers whether it did.',
    acl: 'operator:write',
    handle: setAutopilot,
  },
  {
    method: 'GET',
    path: '/v1/operator/autopilot/health',
    doc: 'Whether the servers are healthy.',
    acl: 'operator:read',
    handle: autopilotHealth,
  },
  {
    method: 'GET',
    path: '/v1/operator/autopilot/state',
    doc: 'Servers by id, who leads, and who votes.',
    acl: 'operator:read',
    handle: autopilotState,
  },
  {
    method: 'GET',
    path: '/v1/operator/usage',
    doc: 'How many services and instances there are; ?global counts every datacenter.',
    acl: 'operator:read',
    handle: usage,
  },
  ...keyringRows,
];

function raftConfiguration(request: ApiRequest, mesh: Api): Answer {
  request.acl.require('operator', 'read');
  const server = {
    ID: mesh.nodeId,
    Node: mesh.nodeName,
    Address: serverAddress(mesh),
    Leader: true,
    ProtocolVersion: '3',
    Voter: true,
    ...(mesh.compat === '1.8' ? {} : { LastIndex: mesh.snapshot.value.index }),
  };
  return json({ Servers: [server], Index: 0 });
}

function removePeer(request: ApiRequest, mesh: Api): Answer {
  request.acl.require('operator', 'write');
  const [id, address] = [request.query.get('id') ?? '', request.query.get('address') ?? ''];
  if (id === '' && address === '')
    throw badRequest(mesh, "Must specify either ?id with the server's ID or ?address with IP:port of peer to remove");
  if (id !== '' && address !== '') throw badRequest(mesh, 'Must specify only one of ?id or ?address');
  const [what, given, own] = id === '' ? ['address', address, serverAddress(mesh)] : ['id', id, mesh.nodeId];
  if (given !== own) throw new HttpError(500, `${what} ${JSON.stringify(given)} was not found in the Raft configuration`);
  throw new HttpError(500, 'the only server of a cluster stays in it');
}

function transferLeader(request: ApiRequest): Answer {
  request.acl.require('operator', 'write');
  throw new HttpError(500, 'cannot find peer');
}

const autopilotBody = goStruct('api.AutopilotConfiguration', {
  CleanupDeadServers: withDefault(bool(), false, 'Servers that are gone are forgotten.'),
  LastContactThreshold: withDefault(duration(), 0, 'How long a healthy server may be silent.'),
  MaxTrailingLogs: withDefault(goType('uint64', int()), 0, 'How far a healthy server may be behind.'),
  MinQuorum: withDefault(goType('uint', int()), 0, 'Servers that are never forgotten.'),
  ServerStabilizationTime: withDefault(duration(), 0, 'How long a new server is watched.'),
  RedundancyZoneTag: withDefault(string(), '', 'Enterprise.'),
  DisableUpgradeMigration: withDefault(bool(), false, 'Enterprise.'),
  UpgradeVersionTag: withDefault(string(), '', 'Enterprise.'),
  CreateIndex: withDefault(goType('uint64', int()), 0, 'Not used.'),
  ModifyIndex: withDefault(goType('uint64', int()), 0, 'Not used.'),
});

async function setAutopilot(request: ApiRequest, mesh: Api): Promise<Answer> {
  request.acl.require('operator', 'write');
  const prefix = `${mesh.compat === '1.8' ? 'Bad request: ' : ''}Error parsing autopilot config: `;
  const body = readJsonBody(request, autopilotBody, { prefix });
  const asked = request.query.get('cas');
  if (asked !== null && !/^\d+$/.test(asked))
    throw badRequest(mesh, `Error parsing cas value: strconv.ParseUint: parsing ${JSON.stringify(asked)}: invalid syntax`);
  // A row's own indexes are the store's.
  const config = {
    CleanupDeadServers: body.CleanupDeadServers,
    LastContactThreshold: formatDuration(body.LastContactThreshold),
    MaxTrailingLogs: body.MaxTrailingLogs,
    MinQuorum: body.MinQuorum,
    ServerStabilizationTime: formatDuration(body.ServerStabilizationTime),
    RedundancyZoneTag: body.RedundancyZoneTag,
    DisableUpgradeMigration: body.DisableUpgradeMigration,
    UpgradeVersionTag: body.UpgradeVersionTag,
  };
  const cas = asked === null ? {} : { cas: Number(asked) };
  const { applied } = await mesh.commit([{ type: 'set-autopilot', dc: request.options.dc, config, ...cas }]);
  return json(applied);
}

function serverHealth(mesh: Api): object {
  return {
    ID: mesh.nodeId,
    Name: mesh.nodeName,
    Address: serverAddress(mesh),
    SerfStatus: 'alive',
    Version: consulVersion(mesh.compat),
    Leader: true,
    LastContact: '0s',
    LastTerm: TERM,
    LastIndex: mesh.snapshot.value.index,
    Healthy: true,
    Voter: true,
    StableSince: stableSince(mesh),
  };
}

/** The first election of a cluster. */
const TERM = 2;

const stableSince = (mesh: Api): string => new Date(mesh.agent.startedAt).toISOString().replace(/\.\d+Z$/, 'Z');

function autopilotHealth(request: ApiRequest, mesh: Api): Answer {
  request.acl.require('operator', 'read');
  return json({ Healthy: true, FailureTolerance: 0, Servers: [serverHealth(mesh)] });
}

function autopilotState(request: ApiRequest, mesh: Api): Answer {
  request.acl.require('operator', 'read');
  const { nodeId, nodeName, compat, snapshot } = mesh;
  const server = {
    ID: nodeId,
    Name: nodeName,
    Address: serverAddress(mesh),
    NodeStatus: 'alive',
    Version: consulVersion(compat),
    LastContact: '0s',
    LastTerm: TERM,
    LastIndex: snapshot.value.index,
    Healthy: true,
    StableSince: stableSince(mesh),
    ReadReplica: false,
    Status: 'leader',
    Meta: null,
    NodeType: 'voter',
  };
  const tolerance = { FailureTolerance: 0, OptimisticFailureTolerance: 0 };
  return json({ Healthy: true, ...tolerance, Servers: { [nodeId]: server }, Leader: nodeId, Voters: [nodeId] });
}

function usage(request: ApiRequest, mesh: Api): Answer {
  request.acl.require('operator', 'read');
  const { dc } = request.options;
  requireDatacenter(mesh, dc);
  const { value: snapshot } = mesh.snapshot;
  const all = request.query.has('global') ? [...snapshot.datacenters.keys()] : [dc];
  return json({
    Usage: Object.fromEntries(all.map((name) => [name, usageOf(snapshot, name)])),
    Index: Math.max(1, snapshot.index),
    LastContact: 0,
    KnownLeader: true,
    ConsistencyLevel: 'leader',
    NotModified: false,
    Backend: 0,
    ResultsFilteredByACLs: false,
  });
}

const MESH_KINDS = ['api-gateway', 'connect-native', 'connect-proxy', 'ingress-gateway', 'mesh-gateway', 'terminating-gateway'];

function usageOf(snapshot: Api['snapshot']['value'], dc: string): object {
  const services = [...datacenter(snapshot, dc).services.values()];
  const inMesh = Object.fromEntries(MESH_KINDS.map((kind) => [kind, services.filter((one) => one.Kind === kind).length]));
  inMesh['connect-native'] = services.filter((one) => one.ConnectNative).length;
  return {
    Nodes: datacenter(snapshot, dc).nodes.size,
    Services: new Set(services.map((one) => one.Service.toLowerCase())).size,
    ServiceInstances: services.length,
    ConnectServiceInstances: inMesh,
    BillableServiceInstances: services.filter((one) => one.Kind === '' && one.Service !== 'consul').length,
  };
}

/** 1.8 puts the name of its error type before the text. */
export const badRequest = ({ compat }: Api, text: string): HttpError =>
  new HttpError(400, compat === '1.8' ? `Bad request: ${text}` : text);

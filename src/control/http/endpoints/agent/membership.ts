import { sortedByKey } from '../../../../base/order.ts';
import { consulVersion } from '../../../compatibility.ts';
import { type Answer, HttpError, json } from '../../answer.ts';
import type { Api, ApiRequest } from '../../endpoint.ts';
import { aclsOn } from './parts.ts';

/** This agent is the one member of its cluster. */
export function memberJson(mesh: Api, { wan = false } = {}): object {
  const { compat, datacenter, nodeName, nodeId, tuning } = mesh;
  const { server, serfLan, serfWan } = tuning.ports;
  const common = { acls: aclsOn(mesh) ? '1' : '0', build: `${consulVersion(compat)}:`, dc: datacenter, ft_fs: '1' };
  const newer = compat === '1.8' ? {} : { ft_si: '1', grpc_port: '8502' };
  const raft = { id: nodeId, port: String(server), raft_vsn: '3', role: 'consul', segment: '', vsn: '2', vsn_max: '3', vsn_min: '2' };
  return {
    Name: wan ? `${nodeName}.${datacenter}` : nodeName,
    Addr: hostOf(mesh),
    Port: wan ? serfWan : serfLan,
    Tags: sortedByKey({ ...common, ...newer, ...raft, ...(wan ? {} : { wan_join_port: String(serfWan) }) }),
    Status: 1,
    ProtocolMin: 1,
    ProtocolMax: 5,
    ProtocolCur: 2,
    DelegateMin: 2,
    DelegateMax: 5,
    DelegateCur: 4,
  };
}

/** Address without the port; a Unix socket and every interface are reached over loopback. */
export function hostOf({ address }: Api): string {
  const host = address.slice(0, address.lastIndexOf(':')).replace(/^\[|\]$/g, '');
  return host === '' || host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
}

export function members(request: ApiRequest, mesh: Api): Answer {
  const { query, acl } = request;
  const segment = query.get('segment') ?? '';
  if (segment !== '' && segment !== '_all') throw new HttpError(500, 'Network segments are not supported in this version of Consul');
  const own = acl.filter([mesh.nodeName], (name) => acl.allows('node', 'read', name));
  const wan = /^(1|t|true)$/i.test(query.get('wan') ?? '');
  return json(own.map(() => memberJson(mesh, { wan })).filter(request.filter ?? (() => true)));
}

/** There is no gossip: an agent joins itself and nobody else. */
export function join(request: ApiRequest, mesh: Api): Answer {
  request.acl.require('agent', 'write', mesh.nodeName);
  const [to = ''] = request.params;
  const [host = ''] = to.split(':');
  if (host !== '' && (host === hostOf(mesh) || host === mesh.nodeName)) return { type: 'empty' };
  const why = 'this agent is a cluster of its own and has no gossip';
  throw new HttpError(500, `1 error occurred:\n\t* Failed to join ${to}: ${why}\n\n`);
}

/** The answer is the last thing that it does. */
export function leave(request: ApiRequest, mesh: Api): Answer {
  request.acl.require('agent', 'write', mesh.nodeName);
  request.signal.addEventListener('abort', () => void mesh.agent.leave(), { once: true });
  return { type: 'empty' };
}

export function forceLeave(request: ApiRequest, mesh: Api): Answer {
  request.acl.require('operator', 'write');
  const [name = ''] = request.params;
  if (name !== mesh.nodeName) throw new HttpError(500, `agent: No node found with name '${name}'`);
  return { type: 'empty' };
}

export async function reload(request: ApiRequest, mesh: Api): Promise<Answer> {
  request.acl.require('agent', 'write', mesh.nodeName);
  await mesh.agent.reload();
  return { type: 'empty' };
}

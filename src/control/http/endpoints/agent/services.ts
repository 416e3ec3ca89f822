import { createHash } from 'node:crypto';
import { changeKeys } from '../../../../catalog/keys.ts';
import type { Service } from '../../../../catalog/types.ts';
import { serviceDefinition } from '../../../registration/service-schema.ts';
import { type Answer, HttpError, json } from '../../answer.ts';
import { waitFor } from '../../blocking.ts';
import type { Api, ApiRequest } from '../../endpoint.ts';
import { readJsonBody } from '../../json-body.ts';
import { agentServiceJson } from '../shapes.ts';
import { agentAt, agentCall, enableOf, remote } from './parts.ts';

export function services(request: ApiRequest, mesh: Api): Answer {
  const { acl, filter } = request;
  const own = acl.filter(mesh.agent.local.services(agentAt(mesh)), (service) => acl.allows('service', 'read', service.Service));
  const datum = (service: Service): object => ({ ...service, Connect: { Native: service.ConnectNative } });
  const selected = filter ? own.filter((service) => filter(datum(service))) : own;
  return json(byId(selected.map((service) => [service.ID, agentServiceJson(service, mesh.datacenter, mesh.compat)])));
}

/** With ?hash= it waits until the service is another than the one with that hash. */
export async function service(request: ApiRequest, mesh: Api): Promise<Answer> {
  const [id = ''] = request.params;
  const at = agentAt(mesh);
  const look = (): Found => {
    const found = mesh.agent.local.service(at, id);
    return { value: found, hash: found && hashOf(found), watch: [changeKeys.node(at.dc, at.node)] };
  };
  const first = look();
  const known = request.query.get('hash');
  const { value, hash } = known && first.hash === known ? await waitFor(request, mesh, first, look, (next) => next.hash !== known) : first;
  if (!value) throw new HttpError(404, `unknown service ID: ${id}`);
  request.acl.require('service', 'read', value.Service);
  const body = agentServiceJson(value, mesh.datacenter, mesh.compat, hash);
  return { type: 'json', value: body, headers: { 'X-Consul-Contenthash': hash } };
}

interface Found {
  readonly value: Service | undefined;
  readonly hash: string | undefined;
  readonly watch: readonly string[];
}

/** Of everything but when it was written. */
function hashOf(service: Service): string {
  const text = JSON.stringify({ ...service, CreateIndex: 0, ModifyIndex: 0 });
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

export async function register(request: ApiRequest, mesh: Api): Promise<Answer> {
  const body = readJsonBody(request, serviceDefinition);
  const replaceChecks = request.query.has('replace-existing-checks');
  await agentCall(() => mesh.agent.local.register(agentAt(mesh), body, remote(request), { replaceChecks }));
  return { type: 'empty' };
}

export async function deregister(request: ApiRequest, mesh: Api): Promise<Answer> {
  await agentCall(() => mesh.agent.local.deregister(agentAt(mesh), request.params[0] ?? '', remote(request)));
  return { type: 'empty' };
}

export async function serviceMaintenance(request: ApiRequest, mesh: Api): Promise<Answer> {
  const [id = ''] = request.params;
  if (id === '') throw new HttpError(400, 'Missing service ID');
  return setMaintenance(request, mesh, id);
}

export const nodeMaintenance = (request: ApiRequest, mesh: Api): Promise<Answer> => setMaintenance(request, mesh, undefined);

async function setMaintenance(request: ApiRequest, mesh: Api, id: string | undefined): Promise<Answer> {
  const on = enableOf(request.query);
  const reason = request.query.get('reason') ?? '';
  await agentCall(() => mesh.agent.local.setMaintenance(agentAt(mesh), id, on, reason, remote(request)));
  return { type: 'empty' };
}

/** Ids such as `__proto__` are data. */
export function byId(pairs: readonly (readonly [string, object])[]): object {
  const result = Object.create(null) as Record<string, object>;
  for (const [id, value] of pairs) result[id] = value;
  return result;
}

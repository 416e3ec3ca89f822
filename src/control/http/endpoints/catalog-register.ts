import { messageOf } from '../../../base/errors.ts';
import { check as checkOf, serviceById } from '../../../catalog/queries.ts';
import { type RegisterOp, registerOp, vetRegister } from '../../registration/catalog-register.ts';
import { deregisterRequest, registerRequest } from '../../registration/service-schema.ts';
import { type Answer, HttpError, json } from '../answer.ts';
import type { Api, ApiRequest } from '../endpoint.ts';
import { readJsonBody } from '../json-body.ts';

export async function register(request: ApiRequest, mesh: Api): Promise<Answer> {
  const body = readJsonBody(request, registerRequest);
  const dc = body.Datacenter || request.options.dc;
  requireKnown(mesh, dc);
  const op = asked(() => registerOp(body, dc, mesh.compat));
  vetRegister(op, mesh.snapshot.value, request.acl);
  const { applied, outcomes } = await mesh.commit([op]);
  if (!applied) throw new HttpError(500, String(outcomes[0]));
  return json(true);
}

export async function deregister(request: ApiRequest, mesh: Api): Promise<Answer> {
  const { Datacenter, Node: node, ServiceID, CheckID } = readJsonBody(request, deregisterRequest);
  const dc = Datacenter || request.options.dc;
  requireKnown(mesh, dc);
  if (node === '') throw new HttpError(500, 'Must provide node');
  vetDeregister(request, mesh, { dc, node, serviceId: ServiceID, checkId: CheckID });
  // Consul: a service goes before a check is looked at.
  const what = ServiceID !== '' ? { serviceId: ServiceID } : CheckID !== '' ? { checkId: CheckID } : {};
  await mesh.commit([{ type: 'deregister', dc, node, ...what }]);
  return json(true);
}

interface Removal {
  readonly dc: string;
  readonly node: string;
  readonly serviceId: string;
  readonly checkId: string;
}

/** Whoever may write the node may remove anything on it. */
function vetDeregister({ acl }: ApiRequest, mesh: Api, { dc, node, serviceId, checkId }: Removal): void {
  if (acl.allows('node', 'write', node)) return;
  const snapshot = mesh.snapshot.value;
  const service = serviceId === '' ? undefined : serviceById(snapshot, dc, node, serviceId)?.Service;
  const check = serviceId !== '' || checkId === '' ? undefined : checkOf(snapshot, dc, node, checkId);
  const owner = service ?? (check?.ServiceID ? check.ServiceName : undefined);
  if (owner === undefined) acl.require('node', 'write', node);
  else acl.require('service', 'write', owner);
}

function asked(make: () => RegisterOp): RegisterOp {
  try {
    return make();
  } catch (error) {
    throw new HttpError(500, messageOf(error));
  }
}

/** A write that goes nowhere says nothing of an index. */
function requireKnown(mesh: Api, dc: string): void {
  if (dc !== mesh.datacenter && !mesh.snapshot.value.datacenters.has(dc)) throw new HttpError(500, 'No path to datacenter');
}

import type { Authorizer } from '../../acl/authorizer.ts';
import { PermissionDenied } from '../../acl/authorizer.ts';
import * as queries from '../../catalog/queries.ts';
import type { Snapshot } from '../../catalog/snapshot.ts';
import type { Check, Node, Op, Service, Unindexed } from '../../catalog/types.ts';
import type { Compat } from '../compatibility.ts';
import { catalogCheckRow } from './check.ts';
import { isAnyAddress, metaProblem, multiError, serviceProblems, serviceRow } from './service.ts';
import type { NodeServiceBody, RegisterBody } from './service-schema.ts';

export type RegisterOp = Op & { type: 'register' };

/** What a registration with the catalog asks for. Throws an Error in Consul's words when it makes no sense. */
export function registerOp(body: RegisterBody, dc: string, compat: Compat): RegisterOp {
  if (body.Node === '') throw new Error('Must provide node');
  if (body.ID !== '') requireUuid(body.ID);
  if (body.Address === '' && !body.SkipNodeUpdate) throw new Error('Must provide address if SkipNodeUpdate is not set');
  const service = body.Service && nodeServiceRow(body.Service, body.Node, compat);
  const checks = [...body.Checks, ...(body.Check ? [body.Check] : [])].map((check) => catalogCheckRow(check, body.Node));
  for (const check of checks) requireCheck(check, body.Node);
  return {
    type: 'register',
    dc,
    node: nodeRow(body, dc),
    ...(body.SkipNodeUpdate ? { skipNodeUpdate: true } : {}),
    ...(service ? { services: [service] } : {}),
    ...(checks.length > 0 ? { checks } : {}),
  };
}

/** What a token must be allowed to do for it: only what really changes counts for the node. */
export function vetRegister(op: RegisterOp, snapshot: Snapshot, acl: Authorizer): void {
  if (acl.unrestricted) return;
  const existing = queries.node(snapshot, op.dc, op.node.Node);
  const keepsNode = existing && (op.skipNodeUpdate === true || sameNode(existing, op.node));
  if (!keepsNode) acl.require('node', 'write', op.node.Node);
  for (const service of op.services ?? []) {
    if (service.Service !== 'consul') acl.require('service', 'write', service.Service);
    if (service.Kind === 'connect-proxy') acl.require('service', 'write', service.Proxy?.DestinationServiceName ?? '');
    const previous = queries.serviceById(snapshot, op.dc, op.node.Node, service.ID);
    if (previous && previous.Service !== 'consul') acl.require('service', 'write', previous.Service);
  }
  for (const check of op.checks ?? []) {
    if (check.ServiceID === '') acl.require('node', 'write', op.node.Node);
    else acl.require('service', 'write', ownerOf(check, op, snapshot));
  }
}

function ownerOf(check: Unindexed<Check>, op: RegisterOp, snapshot: Snapshot): string {
  const registered = op.services?.find(({ ID }) => ID === check.ServiceID);
  const known = registered ?? queries.serviceById(snapshot, op.dc, op.node.Node, check.ServiceID);
  if (!known) throw new PermissionDenied(`Unknown service ID '${check.ServiceID}' for check ID '${check.CheckID}'`);
  return known.Service;
}

function nodeRow(body: RegisterBody, dc: string): Unindexed<Node> {
  const { Locality } = body;
  return {
    Node: body.Node,
    ID: body.ID,
    Address: body.Address,
    Datacenter: dc,
    TaggedAddresses: body.TaggedAddresses,
    Meta: body.NodeMeta,
    ...(Locality && (Locality.Region !== '' || Locality.Zone !== '') ? { Locality } : {}),
  };
}

function nodeServiceRow(body: NodeServiceBody, node: string, compat: Compat): Unindexed<Service> {
  if (body.Service === '') {
    if (body.ID !== '') throw new Error('Must provide service name with ID');
    throw new Error('failed inserting service: failed inserting service: object missing primary index');
  }
  if (isAnyAddress(body.Address)) throw new Error('Invalid service address');
  const problems = serviceProblems(body, compat);
  if (problems.length > 0) throw new Error(multiError(problems));
  const row = serviceRow(body, node);
  const meta = metaProblem(row.Meta);
  if (meta !== undefined)
    throw new Error(`failed inserting service: Invalid Service Meta for node ${node} and serviceID ${row.ID}: ${meta}`);
  return row;
}

function requireCheck(check: Unindexed<Check>, node: string): void {
  if (check.Node !== node) throw new Error(`check node ${JSON.stringify(check.Node)} does not match node ${JSON.stringify(node)}`);
  if (check.CheckID === '') {
    throw new Error(`failed inserting check: failed inserting check: object missing primary index on node ${JSON.stringify(node)}`);
  }
}

function requireUuid(id: string): void {
  const problem = nodeIdProblem(id);
  if (problem !== undefined) throw new Error(problem);
}

/** What Consul says of a node's id that is no UUID. */
export function nodeIdProblem(id: string): string | undefined {
  if (Buffer.byteLength(id) !== 36) return 'Bad node ID: uuid string is wrong length';
  return /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(id) ? undefined : 'Bad node ID: uuid is improperly formatted';
}

function sameNode(a: Unindexed<Node>, b: Unindexed<Node>): boolean {
  const samePlace = a.Locality?.Region === b.Locality?.Region && a.Locality?.Zone === b.Locality?.Zone;
  const sameAddresses = a.Address === b.Address && sameTexts(a.TaggedAddresses, b.TaggedAddresses);
  return a.ID === b.ID && samePlace && sameAddresses && sameTexts(a.Meta, b.Meta);
}

function sameTexts(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}

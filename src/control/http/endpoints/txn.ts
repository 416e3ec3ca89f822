import { type Authorizer, PermissionDenied } from '../../../acl/authorizer.ts';
import { goJson } from '../../../base/go-json.ts';
import { Change } from '../../../catalog/change.ts';
import { check as checkOf, serviceById } from '../../../catalog/queries.ts';
import { datacenter } from '../../../catalog/snapshot.ts';
import {
  applyTxn,
  type KeyStep,
  type NodeStep,
  type TxnError,
  type TxnOp,
  type TxnOutcome,
  type TxnResult,
  type TxnStep,
} from '../../../catalog/txn.ts';
import type { Compat } from '../../compatibility.ts';
import { nodeIdProblem } from '../../registration/catalog-register.ts';
import { type Answer, HttpError } from '../answer.ts';
import { MAX_BODY_BYTES } from '../body.ts';
import { requireWritableDatacenter } from '../datacenter.ts';
import type { Api, ApiRequest, Endpoint } from '../endpoint.ts';
import { readJsonBody } from '../json-body.ts';
import { kvJson } from './kv-json.ts';
import { checkJson, nodeJson, orNull, serviceJson } from './shapes.ts';
import { stepsOf, txnBody } from './txn-body.ts';

export const txn: readonly Endpoint[] = [
  {
    method: 'PUT',
    path: '/v1/txn',
    doc: 'Several reads and writes of keys, nodes, services and checks: all of them or, with 409 and the reasons, none.',
    acl: 'key, node, service: as each step needs',
    body: { maxBytes: MAX_BODY_BYTES, option: 'txn_max_req_len' },
    handle,
  },
];

/** How many steps Consul takes. */
const MAX_STEPS: Readonly<Record<Compat, number>> = { '1.8': 64, newer: 128 };

async function handle(request: ApiRequest, mesh: Api): Promise<Answer> {
  const { dc } = request.options;
  const body = readJsonBody(request, txnBody, { prefix: 'Failed to parse body: ' });
  const max = MAX_STEPS[mesh.compat];
  if (body.length > max) throw new HttpError(413, `Transaction contains too many operations (${body.length} > ${max})`);
  const steps = stepsOf(body, dc);
  requireWritableDatacenter(mesh, dc);
  const op: TxnOp = { type: 'txn', dc, steps };
  const isRead = !steps.some(writes);
  const refused = steps.flatMap((step, OpIndex) => problemsOf(step, request, mesh).map((What): TxnError => ({ OpIndex, What })));
  const outcome = refused.length > 0 ? { results: [], errors: refused } : isRead ? read(mesh, op) : await write(mesh, op);
  return answer(outcome, isRead, request.acl, mesh);
}

async function write(mesh: Api, op: TxnOp): Promise<TxnOutcome> {
  const { outcomes } = await mesh.commit([op]);
  return outcomes[0] as TxnOutcome;
}

function read(mesh: Api, op: TxnOp): TxnOutcome {
  const snapshot = mesh.snapshot.value;
  return applyTxn(new Change(datacenter(snapshot, op.dc), snapshot.index), op).outcome;
}

const KEY_WRITES = new Set(['set', 'cas', 'lock', 'unlock', 'delete', 'delete-cas', 'delete-tree']);

function writes(step: TxnStep): boolean {
  if ('KV' in step) return KEY_WRITES.has(step.KV.verb);
  return ('Node' in step ? step.Node : 'Service' in step ? step.Service : step.Check).verb !== 'get';
}

/** What can be said of a step before anything is tried: at most one thing. */
function problemsOf(step: TxnStep, request: ApiRequest, mesh: Api): string[] {
  try {
    const problem =
      'KV' in step
        ? keyProblem(step.KV, request, mesh)
        : 'Node' in step
          ? nodeProblem(step.Node, request.acl)
          : rowProblem(step, request, mesh);
    return problem === undefined ? [] : [problem];
  } catch (error) {
    if (error instanceof PermissionDenied) return [error.message];
    throw error;
  }
}

function keyProblem({ verb, key }: KeyStep, { acl, options }: ApiRequest, mesh: Api): string | undefined {
  if (verb === 'get-or-empty' && mesh.compat === '1.8') return 'unknown KV verb "get-or-empty"';
  if (key === '' && verb !== 'delete-tree') return 'Must provide key';
  if (verb === 'delete-tree') {
    if (!acl.allowsAll('key', 'write', key)) throw new PermissionDenied();
  } else if (verb !== 'get' && verb !== 'get-or-empty' && verb !== 'get-tree') {
    // What is read is filtered from the answer.
    acl.require('key', verb.startsWith('check-') ? 'read' : 'write', key);
  }
  const delayed = verb === 'lock' && mesh.sessions.isLockDelayed(options.dc, key);
  return delayed ? `failed to lock key ${JSON.stringify(key)} due to lock delay` : undefined;
}

function nodeProblem({ verb, node }: NodeStep, acl: Authorizer): string | undefined {
  if (node.Node === '') return 'Must provide node';
  const problem = node.ID === '' ? undefined : nodeIdProblem(node.ID);
  if (problem === undefined && verb !== 'get') acl.require('node', 'write', node.Node);
  return problem;
}

function rowProblem(step: Exclude<TxnStep, { KV: unknown } | { Node: unknown }>, { acl, options: { dc } }: ApiRequest, mesh: Api) {
  const snapshot = mesh.snapshot.value;
  if ('Check' in step) {
    const { verb, check } = step.Check;
    const known = checkOf(snapshot, dc, check.Node, check.CheckID);
    if (verb === 'get') return undefined;
    for (const row of known ? [check, known] : [check]) {
      const owner = row.ServiceID === '' ? undefined : serviceById(snapshot, dc, row.Node, row.ServiceID);
      if (owner) acl.require('service', 'write', owner.Service);
      else acl.require('node', 'write', row.Node);
    }
    return undefined;
  }
  const { verb, service } = step.Service;
  if (verb === 'get') return undefined;
  if (service.ID !== '' && service.Service === '') return 'Must provide service name with ID';
  const known = serviceById(snapshot, dc, service.Node, service.ID);
  for (const row of known ? [service, known] : [service]) acl.require('service', 'write', row.Service);
  return undefined;
}

function answer({ results, errors }: TxnOutcome, isRead: boolean, acl: Authorizer, mesh: Api): Answer {
  const failed = errors.length > 0;
  const shown = results.filter((result) => !isRead || mayRead(result, acl)).map((result) => resultJson(result, mesh.compat));
  const text = [
    `"Results":${failed ? 'null' : `[${shown.join(',')}]`}`,
    `"Errors":${failed ? goJson(errors) : 'null'}`,
    ...(isRead ? [READ_META[mesh.compat]] : []),
  ];
  const headers = isRead ? { 'X-Consul-Knownleader': 'true', 'X-Consul-Lastcontact': '0' } : {};
  return { type: 'json-text', text: `{${text.join(',')}}`, status: failed ? 409 : 200, headers };
}

const READ_META_OLD = '"Index":0,"LastContact":0,"KnownLeader":true,"ConsistencyLevel":""';
/** Consul prints what it knows of the query after a transaction that only reads. */
const READ_META: Readonly<Record<Compat, string>> = {
  '1.8': READ_META_OLD,
  newer: `${READ_META_OLD},"NotModified":false,"Backend":0,"ResultsFilteredByACLs":false`,
};

function mayRead(result: TxnResult, acl: Authorizer): boolean {
  if ('KV' in result) return acl.allows('key', 'read', result.KV.Key);
  if ('Node' in result) return acl.allows('node', 'read', result.Node.Node);
  if ('Service' in result) return acl.allows('service', 'read', result.Service.Service);
  const { ServiceName, Node } = result.Check;
  return ServiceName === '' ? acl.allows('node', 'read', Node) : acl.allows('service', 'read', ServiceName);
}

function resultJson(result: TxnResult, compat: Compat): string {
  if ('KV' in result) return `{"KV":${kvJson(result.KV)}}`;
  if ('Node' in result) return goJson({ Node: nodeJson(result.Node) });
  // Consul: what was registered without tags has null here, and only here.
  if ('Service' in result) {
    return goJson({ Service: { ...serviceJson(result.Service, compat), Tags: orNull(result.Service.Tags) } });
  }
  return goJson({ Check: { ...checkJson(result.Check, result.tags, compat), ServiceTags: orNull(result.tags) } });
}

import type { Change } from './change.ts';
import { tableKey } from './keys.ts';
import type { Applied } from './transact.ts';
import type { Node, Op, Unindexed } from './types.ts';

/**
 * Node first, then services, then checks, which take the name of the service that they belong to. When it can't be done the
 * outcome is why, in Consul's words.
 */
export function register(change: Change, op: Op & { type: 'register' }): Applied {
  const node = op.node.Node;
  const known = (id: string): string | undefined =>
    op.services?.find((service) => service.ID === id)?.Service ?? change.tables.services.get(tableKey(node, id))?.Service;
  const orphan = op.checks?.find((check) => check.ServiceID !== '' && known(check.ServiceID) === undefined);
  if (orphan) return refused(`failed inserting check: Missing service registration on node ${JSON.stringify(node)}`);
  const existing = change.tables.nodes.get(tableKey(node));
  if (!existing || op.skipNodeUpdate !== true) {
    const reserved = existing && reservation(change, existing, op.node);
    if (reserved !== undefined) return refused(reserved);
    if (!existing) forgetNamesake(change, op.node);
    change.putNode(op.node);
  }
  for (const service of op.services ?? []) change.putService({ ...service, Node: node });
  for (const check of op.checks ?? []) {
    const name = check.ServiceID === '' ? '' : (known(check.ServiceID) ?? check.ServiceName);
    change.putCheck({ ...check, Node: node, ServiceName: name });
  }
  return true;
}

const refused = (why: string): Applied => ({ applied: false, outcome: why });

/** A node that is alive keeps its name: another one, with an id of its own, can't have it. */
function reservation(change: Change, existing: Node, node: Unindexed<Node>): string | undefined {
  if (existing.ID === '' || node.ID === '' || existing.ID.toLowerCase() === node.ID.toLowerCase()) return undefined;
  if (change.tables.checks.get(tableKey(existing.Node, 'serfHealth'))?.Status !== 'passing') return undefined;
  const holder = `Node name ${node.Node} is reserved by node ${existing.ID} with name ${existing.Node} (${existing.Address})`;
  return `failed inserting node: Error while renaming Node ID: ${JSON.stringify(node.ID)}: ${holder}`;
}

/** Consul: the same id under a new name is the same node, renamed; what was on it has to register again. */
function forgetNamesake(change: Change, { ID }: Unindexed<Node>): void {
  if (ID === '') return;
  const wanted = ID.toLowerCase();
  for (const other of change.tables.nodes.values()) {
    if (other.ID.toLowerCase() !== wanted) continue;
    change.removeNode(other.Node);
    return;
  }
}

/** What is not there counts as gone: Consul's deregister succeeds for anything. */
export function deregister(change: Change, op: Op & { type: 'deregister' }): boolean {
  if (op.checkId !== undefined) {
    const check = change.tables.checks.get(tableKey(op.node, op.checkId));
    if (check) change.removeCheck(check);
  }
  if (op.serviceId !== undefined) {
    const service = change.tables.services.get(tableKey(op.node, op.serviceId));
    if (service) change.removeService(service);
  }
  if (op.checkId === undefined && op.serviceId === undefined) change.removeNode(op.node);
  return true;
}

import type { Change } from './change.ts';
import { tableKey } from './keys.ts';
import { applyKv, type KvOp } from './kv.ts';
import type { Check, KvPair, Node, Service, Unindexed } from './types.ts';

/** Several steps, one after the other, of which each sees what those before it did: all of them or none, at one index. */
export interface TxnOp {
  readonly type: 'txn';
  readonly dc: string;
  readonly steps: readonly TxnStep[];
}

/** Verbs are Consul's; one that it does not know is an error of its step. */
export type TxnStep =
  | { readonly KV: KeyStep }
  | { readonly Node: NodeStep }
  | { readonly Service: ServiceStep }
  | { readonly Check: CheckStep };

export interface KeyStep extends Omit<KvOp, 'type' | 'dc' | 'verb'> {
  readonly verb: string;
}

/** `index`: the ModifyIndex that cas and delete-cas ask for. */
export interface NodeStep {
  readonly verb: string;
  readonly node: Unindexed<Node>;
  readonly index: number;
}

export interface ServiceStep {
  readonly verb: string;
  readonly service: Unindexed<Service>;
  readonly index: number;
}

export interface CheckStep {
  readonly verb: string;
  readonly check: Unindexed<Check>;
  readonly index: number;
}

/** What a step found or left. Of a key that was written the value is not repeated. */
export type TxnResult =
  | { readonly KV: KvPair }
  | { readonly Node: Node }
  | { readonly Service: Service }
  | { readonly Check: Check; readonly tags: readonly string[] };

export interface TxnError {
  readonly OpIndex: number;
  readonly What: string;
}

export interface TxnOutcome {
  readonly results: readonly TxnResult[];
  readonly errors: readonly TxnError[];
}

/** Every step is tried, whatever became of those before it: the client hears of all that is wrong. */
export function applyTxn(change: Change, { steps }: TxnOp): { applied: boolean; outcome: TxnOutcome } {
  const results: TxnResult[] = [];
  const errors: TxnError[] = [];
  for (const [OpIndex, step] of steps.entries()) {
    try {
      results.push(...applyStep(change, step));
    } catch (error) {
      if (!(error instanceof StepFailed)) throw error;
      errors.push({ OpIndex, What: error.message });
    }
  }
  return { applied: errors.length === 0, outcome: { results: errors.length === 0 ? results : [], errors } };
}

/** Ends a step; never seen outside of this file. */
class StepFailed extends Error {}

function applyStep(change: Change, step: TxnStep): TxnResult[] {
  if ('KV' in step) return keyStep(change, step.KV);
  if ('Node' in step) return nodeStep(change, step.Node);
  return 'Service' in step ? serviceStep(change, step.Service) : checkStep(change, step.Check);
}

function keyStep(change: Change, step: KeyStep): TxnResult[] {
  const name = JSON.stringify(step.key);
  const found = change.tables.kv.get(step.key);
  const valueless = (pair: KvPair): TxnResult[] => [{ KV: { ...pair, Value: '' } }];
  switch (step.verb) {
    case 'get':
      if (!found) throw new StepFailed(`key ${name} doesn't exist`);
      return [{ KV: found }];
    case 'get-or-empty':
      return [{ KV: found ?? { Key: step.key, Value: '', Flags: step.flags ?? '0', LockIndex: 0, CreateIndex: 0, ModifyIndex: 0 } }];
    case 'get-tree':
      return Array.from(change.tables.kv.withPrefix(step.key), ([, KV]) => ({ KV }));
    case 'check-not-exists':
      if (found) throw new StepFailed(`key ${name} exists`);
      return [];
    case 'check-index':
      if (!found) throw new StepFailed(`failed to check index, key ${name} doesn't exist`);
      if (found.ModifyIndex === step.index) return valueless(found);
      throw new StepFailed(`failed index check for key ${name}, current modify index ${found.ModifyIndex} != ${step.index ?? 0}`);
    case 'check-session': {
      if (!found) throw new StepFailed(`failed to check session, key ${name} doesn't exist`);
      const { Session = '' } = found;
      if (Session === (step.session ?? '')) return valueless(found);
      throw new StepFailed(
        `failed session check for key ${name}, current session ${JSON.stringify(Session)} != ${JSON.stringify(step.session ?? '')}`,
      );
    }
    case 'set':
    case 'cas':
    case 'lock':
    case 'unlock':
    case 'delete':
    case 'delete-cas':
    case 'delete-tree': {
      const { applied, outcome } = applyKv(change, { type: 'kv', dc: change.tables.name, ...step, verb: step.verb });
      if (outcome.error !== undefined) throw new StepFailed(outcome.error);
      if (!applied) throw new StepFailed(LOST[step.verb]?.(name) ?? step.verb);
      const left = step.verb.startsWith('delete') ? undefined : change.tables.kv.get(step.key);
      return left ? valueless(left) : [];
    }
    default:
      throw new StepFailed(`unknown KV verb ${JSON.stringify(step.verb)}`);
  }
}

const LOST: Readonly<Record<string, (key: string) => string>> = {
  cas: (key) => `failed to set key ${key}, index is stale`,
  lock: (key) => `failed to lock key ${key}, lock is already held`,
  unlock: (key) => `failed to unlock key ${key}, lock isn't held, or is held by another session`,
  'delete-cas': (key) => `failed to delete key ${key}, index is stale`,
};

function nodeStep(change: Change, { verb, node, index }: NodeStep): TxnResult[] {
  const name = `node ${JSON.stringify(node.Node)}`;
  const find = (): Node | undefined => change.tables.nodes.get(tableKey(node.Node));
  const left = upsertOrDelete({
    what: 'Node',
    name,
    verb,
    index,
    found: find(),
    put: () => change.putNode(node),
    remove: () => change.removeNode(node.Node),
  });
  return left ? [{ Node: find()! }] : [];
}

function serviceStep(change: Change, { verb, service, index }: ServiceStep): TxnResult[] {
  const find = (): Service | undefined => change.tables.services.get(tableKey(service.Node, service.ID));
  const found = find();
  const left = upsertOrDelete({
    what: 'Service',
    name: `service ${JSON.stringify(service.ID)} on node ${JSON.stringify(service.Node)}`,
    verb,
    index,
    found,
    put: () => {
      if (!change.tables.nodes.has(tableKey(service.Node))) throw new StepFailed('Missing node registration');
      if (service.ID === '') throw new StepFailed('failed inserting service: object missing primary index');
      change.putService(service);
    },
    remove: () => found && change.removeService(found),
  });
  return left ? [{ Service: find()! }] : [];
}

function checkStep(change: Change, { verb, check, index }: CheckStep): TxnResult[] {
  const find = (): Check | undefined => change.tables.checks.get(tableKey(check.Node, check.CheckID));
  const owner = (): Service | undefined => change.tables.services.get(tableKey(check.Node, check.ServiceID));
  const found = find();
  const left = upsertOrDelete({
    what: 'Check',
    name: `check ${JSON.stringify(check.CheckID)} on node ${JSON.stringify(check.Node)}`,
    verb,
    index,
    found,
    put: () => {
      if (!change.tables.nodes.has(tableKey(check.Node))) throw new StepFailed('Missing node registration');
      if (check.ServiceID !== '' && !owner()) throw new StepFailed('Missing service registration');
      if (check.CheckID === '') throw new StepFailed('failed inserting check: object missing primary index');
      change.putCheck({ ...check, ServiceName: owner()?.Service ?? '' });
    },
    remove: () => found && change.removeCheck(found),
  });
  return left ? [{ Check: find()!, tags: change.tables.services.get(tableKey(check.Node, find()!.ServiceID))?.Tags ?? [] }] : [];
}

interface RowStep {
  readonly what: string;
  readonly name: string;
  readonly verb: string;
  readonly index: number;
  readonly found: { readonly ModifyIndex: number } | undefined;
  put(): void;
  remove(): void;
}

/** The verbs that nodes, services and checks share. Answers whether a row is to be shown. */
function upsertOrDelete(step: RowStep): boolean {
  const { what, name, verb, index, found } = step;
  switch (verb) {
    case 'get':
      if (!found) throw new StepFailed(`${name} doesn't exist`);
      return true;
    case 'set':
      step.put();
      return true;
    case 'cas':
      if (index !== (found?.ModifyIndex ?? 0)) throw new StepFailed(`failed to set ${name}, index is stale`);
      step.put();
      return true;
    case 'delete':
      step.remove();
      return false;
    case 'delete-cas':
      if (index !== found?.ModifyIndex) throw new StepFailed(`failed to delete ${name}, index is stale`);
      step.remove();
      return false;
    default:
      throw new StepFailed(`unknown ${what} verb ${JSON.stringify(verb)}`);
  }
}

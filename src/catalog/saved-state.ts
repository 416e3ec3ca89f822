import { ACL_TABLES } from './acl-rows.ts';
import type { Change } from './change.ts';
import type { Datacenter, PlainRows, PlainTable } from './datacenter.ts';
import { changeKeys, tableKey, tablePrefix } from './keys.ts';
import { putKey, removeKey } from './kv.ts';
import type { PreparedQuery } from './prepared-queries.ts';
import { endSession, sessionObstacle } from './sessions.ts';
import { datacenter, type Snapshot } from './snapshot.ts';
import type { Check, Indexed, KvPair, Node, Op, Service, Session, StoredEntry, Unindexed } from './types.ts';

/** What a snapshot keeps of a datacenter: all but what belongs to the agent that runs it, its CA above all. */
export interface SavedState {
  readonly name: string;
  readonly nodes: readonly Node[];
  readonly services: readonly Service[];
  readonly checks: readonly Check[];
  readonly entries: readonly StoredEntry[];
  readonly tables: { readonly [T in PlainTable]?: readonly (readonly [string, PlainRows[T]])[] };
}

/** Puts back what was saved, but for config entries: those are ordinary writes beside it, so that they are checked as such. */
export interface RestoreOp {
  readonly type: 'restore';
  readonly dc: string;
  readonly state: Omit<SavedState, 'entries'>;
}

/** What becomes of each plain table: it is saved and put back, follows from others, or is the agent's own. */
const FATE: { readonly [T in PlainTable]: 'saved' | 'derived' | 'own' } = {
  kv: 'saved',
  tombstones: 'derived',
  locks: 'derived',
  sessions: 'saved',
  queries: 'saved',
  peerings: 'saved',
  coordinates: 'saved',
  autopilot: 'saved',
  manualVips: 'saved',
  virtualIps: 'derived',
  freeVirtualIps: 'derived',
  caRoots: 'own',
  caConfig: 'own',
  entryFiles: 'own',
  aclTokens: 'saved',
  aclSecrets: 'saved',
  aclPolicies: 'saved',
  aclRoles: 'saved',
  aclAuthMethods: 'saved',
  aclBindingRules: 'saved',
  aclBootstrap: 'saved',
};

export function savedState(s: Snapshot, dc: string): SavedState {
  const d = datacenter(s, dc);
  const saved = (Object.keys(FATE) as PlainTable[]).filter((table) => FATE[table] === 'saved');
  return {
    name: dc,
    nodes: [...d.nodes.values()],
    services: [...d.services.values()],
    checks: [...d.checks.values()],
    entries: [...d.entries.values()],
    tables: Object.fromEntries(saved.map((table) => [table, [...d[table]]])),
  };
}

/** The operations of one commit that bring a datacenter back to what was saved. */
export function restoreOps(s: Snapshot, dc: string, saved: SavedState): Op[] {
  const { entries, ...state } = saved;
  const wanted = new Set(entries.map(({ Kind, Name }) => tableKey(Kind, Name)));
  const gone = [...datacenter(s, dc).entries.values()].filter(({ Kind, Name }) => !wanted.has(tableKey(Kind, Name)));
  return [
    { type: 'restore', dc, state },
    ...gone.map(({ Kind, Name }): Op => ({ type: 'delete-entry', dc, kind: Kind, name: Name })),
    ...entries.map((entry): Op => ({ type: 'put-entry', dc, entry: unindexed(entry) as StoredEntry })),
  ];
}

/**
 * Everything that differs gets the next index, as if it had been written by hand: so indexes never go back, and everybody who
 * waits hears of what concerns him. Nodes with an agent stay as they are: who runs here knows better than a file.
 */
export function applyRestore(change: Change, { state }: RestoreOp): boolean {
  restoreNodes(change, state);
  restoreSessions(change, rowsOf(state, 'sessions'));
  restoreKeys(change, rowsOf(state, 'kv'));
  const dc = change.tables.name;
  replaceRows(change, state, 'queries', ({ ID }: PreparedQuery) => ({ keys: [changeKeys.query(dc, ID)], indexes: ['queries'] }));
  const onNodes = rowsOf(state, 'coordinates').filter(({ Node }) => change.tables.nodes.has(tableKey(Node)));
  for (const row of onNodes) {
    const touched = { keys: [changeKeys.coordinate(dc, row.Node)], indexes: ['coordinates'] };
    change.put('coordinates', tableKey(row.Node, row.Segment), unindexed(row), touched);
  }
  // A cluster without ACLs has none to give: they would lock out everybody.
  if (rowsOf(state, 'aclPolicies').length === 0) return true;
  for (const table of ACL_TABLES) {
    replaceRows(change, state, table, () => ({ keys: [`${changeKeys.all(dc, 'acl')}/${table}`], indexes: ['acl', table] }));
  }
  return true;
}

/** Whether this program itself keeps the node up: as an agent's, or as that of a cluster's pods. */
const isAlive = (d: Datacenter, { Node: node, Meta }: Node): boolean =>
  d.checks.has(tableKey(node, 'serfHealth')) || Meta['synthetic-node'] === 'true';

function restoreNodes(change: Change, { nodes, services, checks }: RestoreOp['state']): void {
  const alive = [...change.tables.nodes.values()].filter((node) => isAlive(change.tables, node));
  const kept = new Set(alive.map((node) => tableKey(node.Node)));
  const agents = new Set(checks.filter(({ CheckID }) => CheckID === 'serfHealth').map((check) => tableKey(check.Node)));
  const wanted = nodes.filter(({ Node: node }) => !kept.has(tableKey(node)) && !agents.has(tableKey(node)));
  const names = new Set(wanted.map((node) => tableKey(node.Node)));
  for (const [key, node] of change.tables.nodes) if (!kept.has(key) && !names.has(key)) change.removeNode(node.Node);
  const isOnWanted = ({ Node: node }: { readonly Node: string }): boolean => names.has(tableKey(node));
  const ids = new Set(services.map((row) => tableKey(row.Node, row.ID)));
  const checkIds = new Set(checks.map((row) => tableKey(row.Node, row.CheckID)));
  for (const node of wanted) {
    change.putNode({ ...unindexed(node), Datacenter: change.tables.name });
    const prefix = tablePrefix(node.Node);
    for (const [key, row] of change.tables.services.withPrefix(prefix)) if (!ids.has(key)) change.removeService(row);
    for (const [key, row] of change.tables.checks.withPrefix(prefix)) if (!checkIds.has(key)) change.removeCheck(row);
  }
  for (const row of services.filter(isOnWanted)) change.putService(unindexed(row));
  for (const row of checks.filter(isOnWanted)) change.putCheck(unindexed(row));
}

/** Those whose node and checks are well; the others have ended with what they rested on. */
function restoreSessions(change: Change, saved: readonly Session[]): void {
  const wanted = saved.filter((session) => sessionObstacle(change, session) === undefined);
  const ids = new Set(wanted.map(({ ID }) => ID));
  for (const session of change.tables.sessions.values()) if (!ids.has(session.ID)) endSession(change, session);
  for (const session of wanted) {
    const key = changeKeys.session(change.tables.name, session.Node, session.ID);
    change.put('sessions', session.ID, unindexed(session), { keys: [key], indexes: ['sessions'] });
  }
}

function restoreKeys(change: Change, saved: readonly KvPair[]): void {
  const names = new Set(saved.map(({ Key }) => Key));
  for (const key of change.tables.kv.keys()) if (!names.has(key)) removeKey(change, key);
  for (const { Session: session, ...row } of saved) {
    const isHeld = session !== undefined && change.tables.sessions.has(session);
    putKey(change, unindexed(isHeld ? { ...row, Session: session } : row));
  }
}

function replaceRows<T extends PlainTable>(
  change: Change,
  { tables }: RestoreOp['state'],
  table: T,
  touchedBy: (row: PlainRows[T]) => { keys: string[]; indexes: string[] },
): void {
  const saved = new Map(tables[table] ?? []);
  for (const [key, row] of change.tables[table] as unknown as Iterable<[string, PlainRows[T]]>) {
    if (!saved.has(key)) change.remove(table, key, touchedBy(row));
  }
  for (const [key, row] of saved) change.put(table, key, unindexed(row), touchedBy(row));
}

function rowsOf<T extends PlainTable>({ tables }: RestoreOp['state'], table: T): PlainRows[T][] {
  return (tables[table] ?? []).map(([, row]) => row);
}

function unindexed<T extends Indexed>(row: T): Unindexed<T> {
  const { CreateIndex: _, ModifyIndex: __, ...bare } = row;
  return bare;
}

import type { Change } from './change.ts';
import { changeKeys, tableKey } from './keys.ts';
import { dropLocks } from './kv.ts';
import { dropQueries } from './prepared-queries.ts';
import { indexOf, type QueryResult } from './queries.ts';
import { findSession } from './session-id.ts';
import { datacenter, type Snapshot } from './snapshot.ts';
import type { Check, Session, Unindexed } from './types.ts';

export type SessionOp =
  | { readonly type: 'session-create'; readonly dc: string; readonly session: Unindexed<Session> }
  /** One that is not there counts as destroyed. */
  | { readonly type: 'session-destroy'; readonly dc: string; readonly id: string };

/** With an error nothing is made: the node or a check is missing, or a check is critical. */
export function applySession(change: Change, op: SessionOp): { applied: boolean; outcome: { error?: string } } {
  if (op.type === 'session-destroy') {
    const session = findSession(change.tables, op.id);
    if (session) endSession(change, session);
    return { applied: true, outcome: {} };
  }
  const error = sessionObstacle(change, op.session);
  if (error !== undefined) return { applied: false, outcome: { error } };
  change.put('sessions', op.session.ID, op.session, touchedBy(change, op.session));
  return { applied: true, outcome: {} };
}

/** Why a session can't be made, in Consul's words. */
export function sessionObstacle(change: Change, session: Unindexed<Session>): string | undefined {
  const { nodes, checks } = change.tables;
  if (!nodes.has(tableKey(session.Node))) return 'Missing node registration';
  for (const id of checksOf(session)) {
    const check = checks.get(tableKey(session.Node, id));
    if (!check) return `Missing check '${id}' registration`;
    if (check.Status === 'critical') return `Check '${id}' is in critical state`;
  }
  return undefined;
}

/** A check of a node that is critical or gone ends the sessions that rest on it; no check named: all of the node. */
export function endSessionsOf(change: Change, node: string, checkId?: Check['CheckID']): void {
  for (const session of change.tables.sessions.values()) {
    if (isOn(session, node) && (checkId === undefined || checksOf(session).includes(checkId))) endSession(change, session);
  }
}

export function endSession(change: Change, session: Session): void {
  change.remove('sessions', session.ID, touchedBy(change, session));
  dropLocks(change, session.ID, session.Behavior);
  dropQueries(change, session.ID);
}

const isOn = (session: Session, node: string): boolean => session.Node.toLowerCase() === node.toLowerCase();

const checksOf = (session: Unindexed<Session>): string[] => [...session.NodeChecks, ...session.ServiceChecks.map((check) => check.ID)];

const touchedBy = (change: Change, session: Unindexed<Session>) => ({
  keys: [changeKeys.session(change.tables.name, session.Node, session.ID)],
  indexes: ['sessions'],
});

/** By id. */
export function sessions(s: Snapshot, dc: string): QueryResult<Session[]> {
  const d = datacenter(s, dc);
  return { value: [...d.sessions.values()], index: indexOf(d, 'sessions'), watch: [changeKeys.all(dc, 'session')] };
}

export function sessionsOfNode(s: Snapshot, dc: string, node: string): QueryResult<Session[]> {
  const d = datacenter(s, dc);
  const value = [...d.sessions.values()].filter((session) => isOn(session, node));
  return { value, index: indexOf(d, 'sessions'), watch: [changeKeys.sessionsOfNode(dc, node)] };
}

/** One session, or none. An absent one has the index of the whole table. */
export function session(s: Snapshot, dc: string, id: string): QueryResult<Session[]> {
  const d = datacenter(s, dc);
  const found = findSession(d, id);
  const watch = [found ? changeKeys.session(dc, found.Node, found.ID) : changeKeys.all(dc, 'session')];
  return { value: found ? [found] : [], index: found?.ModifyIndex ?? indexOf(d, 'sessions'), watch };
}

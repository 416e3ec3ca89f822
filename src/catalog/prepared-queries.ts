import { sameName } from '../base/same-name.ts';
import type { Change } from './change.ts';
import type { Datacenter } from './datacenter.ts';
import { changeKeys } from './keys.ts';
import { indexOf, type QueryResult } from './queries.ts';
import { compileTemplate, renderTemplate } from './query-template.ts';
import { findSession } from './session-id.ts';
import { datacenter, type Snapshot } from './snapshot.ts';
import type { Indexed, Unindexed } from './types.ts';
import { uuidProblem } from './uuid.ts';

/** A stored look-up of a service, which clients make by its name or id. Fields as in Consul's JSON. */
export interface PreparedQuery extends Indexed {
  /** A UUID in lower case. */
  readonly ID: string;
  readonly Name: string;
  /** It goes with this session; empty: it stays. */
  readonly Session: string;
  /** Whoever executes it has the rights of this token. Secret. */
  readonly Token: string;
  /** Empty Type: it is none. */
  readonly Template: QueryTemplate;
  readonly Service: ServiceQuery;
  readonly DNS: { readonly TTL: string };
}

export interface QueryTemplate {
  readonly Type: string;
  readonly Regexp: string;
  readonly RemoveEmptyTags: boolean;
}

/** Null where nothing was said. */
export interface ServiceQuery {
  readonly Service: string;
  readonly Failover: QueryFailover;
  readonly OnlyPassing: boolean;
  readonly IgnoreCheckIDs: readonly string[] | null;
  readonly Near: string;
  /** Each must be there, or with a `!` must not be. */
  readonly Tags: readonly string[] | null;
  readonly NodeMeta: Readonly<Record<string, string>> | null;
  readonly ServiceMeta: Readonly<Record<string, string>> | null;
  readonly Connect: boolean;
  readonly Peer?: string;
}

export interface QueryFailover {
  readonly NearestN: number;
  readonly Datacenters: readonly string[] | null;
  readonly Targets?: readonly { readonly Peer: string; readonly Datacenter: string }[] | null;
}

export type QueryOp =
  /** Makes it, or replaces the one with its id. */
  | { readonly type: 'query-set'; readonly dc: string; readonly query: Unindexed<PreparedQuery> }
  | { readonly type: 'query-delete'; readonly dc: string; readonly id: string };

const TABLE = 'queries';

export function applyQuery(change: Change, op: QueryOp): { applied: boolean; outcome: { error?: string } } {
  if (op.type === 'query-delete') {
    change.remove(TABLE, op.id, touchedBy(change, op.id));
    return { applied: true, outcome: {} };
  }
  const error = obstacle(change.tables, op.query);
  if (error !== undefined) return { applied: false, outcome: { error } };
  change.put(TABLE, op.query.ID, op.query, touchedBy(change, op.query.ID));
  return { applied: true, outcome: {} };
}

/** Why a query can't be stored, in Consul's words. */
function obstacle(tables: Datacenter, query: Unindexed<PreparedQuery>): string | undefined {
  const { Name, Session } = query;
  const isTemplate = query.Template.Type !== '';
  const others = [...tables.queries.values()].filter(({ ID }) => ID !== query.ID);
  if (Name !== '' && others.some((other) => sameName(other.Name, Name))) return `name '${Name}' aliases an existing query name`;
  if (Name === '' && isTemplate && others.some((other) => other.Name === '' && other.Template.Type !== '')) {
    return 'a query template with an empty name already exists';
  }
  if (others.some(({ ID }) => ID === Name.toLowerCase())) return `name '${Name}' aliases an existing query ID`;
  if (Session !== '') {
    const problem = uuidProblem(Session);
    if (problem !== undefined) return `invalid session: index error: ${problem}`;
    if (!findSession(tables, Session)) return `invalid session ${JSON.stringify(Session)}`;
  }
  const compiled = isTemplate ? compileTemplate(query) : undefined;
  return compiled?.ok === false ? `failed compiling template: ${compiled.error}` : undefined;
}

/** They go with the session that they are bound to. */
export function dropQueries(change: Change, session: string): void {
  for (const { ID, Session } of change.tables.queries.values()) {
    if (Session.toLowerCase() === session) change.remove(TABLE, ID, touchedBy(change, ID));
  }
}

const touchedBy = (change: Change, id: string) => ({ keys: [changeKeys.query(change.tables.name, id)], indexes: [TABLE] });

/** By id. */
export function preparedQueries(s: Snapshot, dc: string): QueryResult<PreparedQuery[]> {
  const d = datacenter(s, dc);
  return { value: [...d.queries.values()], index: indexOf(d, TABLE), watch: [changeKeys.all(dc, 'query')] };
}

export function preparedQuery(s: Snapshot, dc: string, id: string): QueryResult<PreparedQuery | undefined> {
  const d = datacenter(s, dc);
  const value = d.queries.get(id.toLowerCase());
  return { value, index: value?.ModifyIndex ?? indexOf(d, TABLE), watch: [changeKeys.query(dc, id.toLowerCase())] };
}

/** What Consul says of an id of a query that is none. */
export function queryIdProblem(id: string): string | undefined {
  const problem = uuidProblem(id);
  return problem === undefined ? undefined : `failed prepared query lookup: index error: ${problem}`;
}

/** What a look-up found: the query, rendered if it is a template; or why there is none, where Consul says more than that. */
export type Resolved = { readonly query: PreparedQuery | undefined; readonly error?: undefined } | { readonly error: string };

/** By id, by name, or by the template whose name is the longest beginning of it. Names know no case. */
export function resolveQuery(s: Snapshot, dc: string, idOrName: string): Resolved {
  const { queries } = datacenter(s, dc);
  const byId = uuidProblem(idOrName) === undefined ? queries.get(idOrName.toLowerCase()) : undefined;
  if (byId) return byId.Template.Type === '' ? { query: byId } : { error: TEMPLATE_BY_ID };
  const all = [...queries.values()];
  const exact = all.find(({ Name, Template }) => Template.Type === '' && Name !== '' && sameName(Name, idOrName));
  if (exact) return { query: exact };
  const wanted = idOrName.toLowerCase();
  const templates = all.filter(({ Name, Template }) => Template.Type !== '' && wanted.startsWith(Name.toLowerCase()));
  const [longest] = templates.sort((a, b) => b.Name.length - a.Name.length);
  return { query: longest && renderTemplate(longest, idOrName) };
}

const TEMPLATE_BY_ID = 'prepared query templates can only be resolved up by name, not by ID';

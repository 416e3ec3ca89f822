import { type AclTable, aclQuery, aclRow } from '../../../../catalog/acl.ts';
import type { AclRows } from '../../../../catalog/acl-rows.ts';
import { type Answer, HttpError, json } from '../../answer.ts';
import { badRequest } from '../../bad-request.ts';
import { blockingQuery } from '../../blocking.ts';
import type { Api, ApiRequest, Endpoint } from '../../endpoint.ts';
import type { View } from './shapes.ts';

/** Rows that answer 401 where ACLs are off, before anything else. */
export function whereEnabled(rows: readonly Endpoint[]): Endpoint[] {
  return rows.map((row) => ({
    ...row,
    handle: (request, mesh) => {
      if (!mesh.acls.enabled) throw new HttpError(401, 'ACL support disabled');
      return row.handle(request, mesh);
    },
  }));
}

/** The first parameter of the path. Throws Consul's `Missing …` when it is not there. */
export function requiredParam(request: ApiRequest, mesh: Api, what: string): string {
  const [value = ''] = request.params;
  if (value === '') throw badRequest(mesh, `Missing ${what}`);
  return value;
}

export function viewOf(request: ApiRequest, mesh: Api): View {
  return { ...openView(mesh), secrets: request.acl.allows('acl', 'write') };
}

/** For who shows a secret, or gets one. */
export function openView({ acls, compat }: Api): View {
  return { s: acls.store.snapshot, primary: acls.store.primary, compat, secrets: true };
}

/** All rows of a table that are wanted, as they go out. */
export async function answerRows<T extends AclTable>(
  request: ApiRequest,
  mesh: Api,
  table: T,
  project: (row: AclRows[T], view: View) => object,
  wanted: (row: AclRows[T]) => boolean = () => true,
): Promise<Answer> {
  request.acl.require('acl', 'read');
  const { primary } = mesh.acls.store;
  const { value, index } = await blockingQuery(request, mesh, (s) =>
    aclQuery(s, primary, table, [...(s.datacenters.get(primary)?.[table].values() ?? [])] as unknown as AclRows[T][]),
  );
  request.acl.require('acl', 'read');
  const view = viewOf(request, mesh);
  return json(
    value.filter(wanted).map((row) => project(row, view)),
    { index },
  );
}

/** One row, or what Consul says of one that is not there. `sort` is what it is called. */
export async function answerRow<T extends AclTable>(
  request: ApiRequest,
  mesh: Api,
  table: T,
  sort: string,
  find: (rows: (key: string) => AclRows[T] | undefined) => AclRows[T] | undefined,
  project: (row: AclRows[T], view: View) => object,
): Promise<Answer> {
  request.acl.require('acl', 'read');
  const { primary } = mesh.acls.store;
  const { value, index } = await blockingQuery(request, mesh, (s) =>
    aclQuery(
      s,
      primary,
      table,
      find((key) => aclRow(s, primary, table, key)),
    ),
  );
  request.acl.require('acl', 'read');
  if (!value) throw absent(mesh, sort, index);
  return json(project(value, viewOf(request, mesh)), { index });
}

export function absent({ compat }: Api, sort: string, index: number): HttpError {
  if (compat !== '1.8') return new HttpError(404, `Requested ${sort} does not exist: ACL not found`, { meta: { index } });
  // Consul 1.8 told of tokens and policies as of secrets that are none, and of the later ones nothing.
  const early = sort === 'token' || sort === 'policy';
  return early ? new HttpError(403, 'ACL not found', { meta: { index } }) : new HttpError(404, '');
}

/** `true`, or what newer Consul says where there was nothing to delete. */
export function answerDeleted({ compat }: Api, sort: string, deleted: boolean): Answer {
  if (!deleted && compat !== '1.8') throw new HttpError(404, `Cannot find ${sort} to delete`);
  return json(true);
}

/** Consul's store refuses ids that are none. */
export function lookupFailed(sort: string, wrong: string | undefined): void {
  if (wrong !== undefined) throw new HttpError(500, `failed acl ${sort} lookup: ${wrong}`, { meta: { index: 1 } });
}

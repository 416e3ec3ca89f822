import { type Answer, HttpError } from '../../answer.ts';
import type { Api, ApiRequest, Endpoint, Method } from '../../endpoint.ts';

/** What Consul 1.11 took out; the clients of that time are told so. */
const REMOVED: readonly (readonly [Method, string])[] = [
  ['PUT', '/v1/acl/create'],
  ['PUT', '/v1/acl/update'],
  ['PUT', '/v1/acl/destroy/:id'],
  ['GET', '/v1/acl/info/:id'],
  ['PUT', '/v1/acl/clone/:id'],
  ['GET', '/v1/acl/list'],
];

export const aclLegacy: readonly Endpoint[] = REMOVED.map(([method, path]) => ({
  method,
  path,
  doc: "Of Consul's first ACLs, which are gone since Consul 1.11: 410.",
  acl: 'none',
  handle: (request, mesh) => gone(request, mesh, path),
}));

function gone(request: ApiRequest, mesh: Api, path: string): Answer {
  if (mesh.compat === '1.8' && !mesh.acls.enabled) throw new HttpError(401, 'ACL support disabled');
  const asked = path.replace(':id', () => request.params[0] ?? '');
  throw new HttpError(410, `Endpoint ${asked} for the legacy ACL system was removed in Consul 1.11.`);
}

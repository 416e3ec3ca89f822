import { type Answer, HttpError } from '../answer.ts';
import type { Api, ApiRequest, Endpoint } from '../endpoint.ts';

export const pprof: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/debug/pprof/:profile',
    doc: 'Profiles of a Go program, of which there are none: answered as by an agent without enable_debug.',
    acl: 'operator:read',
    handle: absent,
  },
];

function absent(request: ApiRequest, { acls, compat }: Api): Answer {
  if (acls.enabled && !request.acl.allows('operator', 'read', '')) throw new HttpError(403, '');
  throw compat === '1.8' && !acls.enabled ? new HttpError(401, 'ACL support disabled') : new HttpError(404, '');
}

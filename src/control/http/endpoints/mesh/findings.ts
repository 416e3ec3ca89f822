import type { Finding, Findings } from '../../../../api/finding.ts';
import { findingsOf } from '../../../../lint/findings.ts';
import { json } from '../../answer.ts';
import type { ApiRequest, Endpoint } from '../../endpoint.ts';
import { mayReadEntry } from '../../entry-rights.ts';

export const findings: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/v1/mesh/findings',
    doc: "Beyond Consul: what in the catalog and in the config entries of all datacenters can't work, or has no effect, and what to do about it.",
    acl: 'operator:read, and as for each service and entry',
    handle: ({ acl }, mesh) => {
      acl.require('operator', 'read');
      const snapshot = mesh.snapshot.value;
      const found = findingsOf(snapshot).filter((one) => mayRead(acl, one));
      return json({ index: snapshot.index, findings: found } satisfies Findings);
    },
  },
];

function mayRead(acl: ApiRequest['acl'], { about: { kind, name, service } }: Finding): boolean {
  if (kind === 'service' || kind === 'sidecar') return acl.allows('service', 'read', service ?? name);
  return mayReadEntry(acl, kind, name);
}

import { PermissionDenied } from '../../../../acl/authorizer.ts';
import type { Findings } from '../../../../api/finding.ts';
import { findingsOf } from '../../../../lint/findings.ts';
import { json } from '../../answer.ts';
import type { Endpoint } from '../../endpoint.ts';
import { mayReadEntry } from '../../entry-rights.ts';

export const findings: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/v1/mesh/findings',
    doc: "Beyond Consul: what in the catalog and in the config entries of all datacenters can't work, or has no effect, and what to do about it.",
    acl: 'operator:read, service:read of all, and as for each entry',
    handle: ({ acl }, mesh) => {
      acl.require('operator', 'read');
      // What is said of one service may name any other, with what its checks say.
      if (!acl.allowsAll('service', 'read')) throw new PermissionDenied();
      const snapshot = mesh.snapshot.value;
      const found = findingsOf(snapshot).filter(({ about: { kind, name } }) => OF_CATALOG.has(kind) || mayReadEntry(acl, kind, name));
      return json({ index: snapshot.index, findings: found } satisfies Findings);
    },
  },
];

/** Kinds of what a finding is about that are no config entries. */
const OF_CATALOG: ReadonlySet<string> = new Set(['service', 'sidecar']);

import type { Denial, Denials, DeniedCall } from '../../../../api/denial.ts';
import { entryFile } from '../../../../catalog/entry-files.ts';
import { allowanceFor } from '../../../../compile/allowance.ts';
import { type Answer, json } from '../../answer.ts';
import type { Api, ApiRequest, Endpoint } from '../../endpoint.ts';
import { mayReadIntention } from '../intentions-acl.ts';

export const denials: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/v1/mesh/denials',
    doc: 'The last calls that an intention, the default or a missing token has refused, newest first; equal ones are one, with how often. ?fix adds the command that would let exactly that call pass.',
    acl: 'intention:read',
    handle: list,
  },
];

async function list({ acl, query }: ApiRequest, mesh: Api): Promise<Answer> {
  const found = acl
    .filter(mesh.agent.traffic.denied.list(), (call) => mayReadIntention(acl, call))
    .map((call) => withOrigin(call, mesh, acl));
  if (!query.has('fix')) return json({ denials: found } satisfies Denials);
  const { allowCommand } = await import('../../allow-command.ts');
  const fixed = found.map((denial): Denial => {
    const { destination, destinationDatacenter: dc, token } = denial;
    // Whoever may not read the entry is not shown what else it says.
    if (token !== undefined || !acl.allows('intention', 'read', destination)) return denial;
    const allowance = allowanceFor(mesh.snapshot.value, dc, denial, mesh.acls.intentionDefault);
    if (!allowance) return { ...denial, passes: true };
    return { ...denial, fix: allowCommand(allowance, dc === mesh.datacenter ? undefined : dc) };
  });
  return json({ denials: fixed } satisfies Denials);
}

/** Names of files are for who operates the mesh. */
function withOrigin(denied: DeniedCall, mesh: Api, acl: ApiRequest['acl']): Denial {
  const { rule, destinationDatacenter: dc } = denied;
  if (!rule) return denied;
  const kind = 'service-intentions';
  const file = acl.allows('operator', 'read') ? entryFile(mesh.snapshot.value, dc, kind, rule.destination) : undefined;
  return { ...denied, origin: { of: `${kind} ${rule.destination}`, ...(file ? { file } : {}) } };
}

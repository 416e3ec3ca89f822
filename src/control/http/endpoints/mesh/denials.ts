import { type Denial, type Denials, type DeniedCall, MAX_DENIED_PATH } from '../../../../api/denial.ts';
import { entryFile } from '../../../../catalog/entry-files.ts';
import { inboundProtocol, policyOf } from '../../../../compile/inbound.ts';
import { listenerProtocol, serviceProtocol } from '../../../../compile/protocol.ts';
import { findProxy, isSidecar } from '../../../../compile/proxy-id.ts';
import type { CallRef, CallSide } from '../../../../explain/standing.ts';
import { type Answer, json } from '../../answer.ts';
import type { Api, ApiRequest, Endpoint } from '../../endpoint.ts';
import { mayReadIntention } from '../intentions-acl.ts';

export const denials: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/v1/mesh/denials',
    doc: 'The last calls that an intention, the default or a missing token has refused, newest first; equal ones are one, with how often. ?fix adds what decides as things are now, and the command that would let exactly that call pass, if it takes one.',
    acl: 'intention:read',
    handle: list,
  },
];

async function list({ acl, query }: ApiRequest, mesh: Api): Promise<Answer> {
  const found = acl
    .filter(mesh.agent.traffic.denied.list(), (call) => mayReadIntention(acl, call))
    .map((call) => withOrigin(call, mesh, acl));
  if (!query.has('fix')) return json({ denials: found } satisfies Denials);
  const [{ standingOf }, { allowCommand }] = await Promise.all([
    import('../../../../explain/allowance.ts'),
    import('../../allow-command.ts'),
  ]);
  const fixed = found.map((denial): Denial => {
    const { destination, destinationDatacenter: dc, token } = denial;
    // Whoever may not read the entry is not shown what else it says.
    if (token !== undefined || !acl.allows('intention', 'read', destination)) return denial;
    const { passes, rule, allowance, advice } = standingOf(mesh.snapshot.value, dc, callOf(denial), sideOf(denial, mesh));
    return {
      ...denial,
      ...(passes ? { passes } : {}),
      decidesNow: rule,
      ...(allowance ? { fix: allowCommand(allowance, dc === mesh.datacenter ? undefined : dc) } : {}),
      ...(advice === undefined ? {} : { advice }),
    };
  });
  return json({ denials: fixed } satisfies Denials);
}

function callOf({ source, destination, request: asked, rule }: DeniedCall): CallRef {
  const known = asked && { ...asked, ...(asked.path.length < MAX_DENIED_PATH ? {} : { isCut: true }) };
  return { source, destination, ...(known ? { request: known } : {}), ...(rule ? { rule } : {}) };
}

/** What the proxy that has refused asks of callers as things are now, or one in its place. */
function sideOf({ proxy: id, destination, destinationDatacenter: dc }: DeniedCall, mesh: Api): CallSide {
  const s = mesh.snapshot.value;
  const found = findProxy(s, id)?.proxy;
  const protocol = found && isSidecar(found) ? inboundProtocol(s, dc, found) : listenerProtocol(serviceProtocol(s, dc, destination));
  return { protocol, ...policyOf(s, dc, destination, protocol, mesh.acls.intentionDefault) };
}

/** Names of files are for who operates the mesh. */
function withOrigin(denied: DeniedCall, mesh: Api, acl: ApiRequest['acl']): Denial {
  const { rule, destinationDatacenter: dc } = denied;
  if (!rule) return denied;
  const kind = 'service-intentions';
  const file = acl.allows('operator', 'read') ? entryFile(mesh.snapshot.value, dc, kind, rule.destination) : undefined;
  return { ...denied, origin: { of: `${kind} ${rule.destination}`, ...(file ? { file } : {}) } };
}

import { MAX_DENIED_PATH, type RefusedCall } from '../../api/denial.ts';
import { parseSpiffeId } from '../../pki/spiffe.ts';
import type { EndedExchange } from '../http/service.ts';
import type { Peer } from '../tls/peer.ts';
import type { DeniedBy } from './denials.ts';
import type { Observer } from './observer.ts';

/** The longest that is remembered, in characters. */
const MAX_HOST = 256;

type Ends = Pick<RefusedCall, 'proxy' | 'source' | 'sourceDatacenter' | 'identity' | 'destination' | 'destinationDatacenter'>;

/** A request that a rule has refused, as it is remembered: nothing of its query, and of its fields the host alone. */
export function refusedRequest(
  observer: Observer,
  { destination, path, ...by }: DeniedBy,
  reason: string,
  { request, status }: EndedExchange,
  peer: Peer | undefined,
): RefusedCall {
  const { method, host = '' } = request;
  const judged = (path ?? request.path).slice(0, MAX_DENIED_PATH);
  return {
    ...endsOf(observer, destination, peer),
    ...by,
    request: { method, host: host.slice(0, MAX_HOST), path: judged },
    status,
    reason,
  };
}

export function refusedConnection(
  observer: Observer,
  { destination, protocol, rule }: DeniedBy,
  reason: string,
  peer: Peer | undefined,
): RefusedCall {
  return { ...endsOf(observer, destination, peer), protocol, status: 0, reason, ...(rule ? { rule } : {}) };
}

/** A gateway's client has no name in the mesh: the gateway stands for it. */
function endsOf({ proxy }: Observer, destination: string, peer: Peer | undefined): Ends {
  const caller = peer ? parseSpiffeId(peer.uri) : undefined;
  return {
    proxy: proxy.id,
    source: peer?.service ?? proxy.service,
    sourceDatacenter: caller?.ok ? caller.id.datacenter : proxy.datacenter,
    identity: peer?.uri ?? '',
    destination,
    destinationDatacenter: proxy.datacenter,
  };
}

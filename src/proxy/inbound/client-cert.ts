import type { RequestEdits } from '../http1/write.ts';
import type { Peer } from '../tls/peer.ts';

export const CLIENT_CERT_HEADER = 'x-forwarded-client-cert';

/** Whatever the client sent under this name is dropped: only the handshake says who it is. */
export const SANITIZED: ReadonlySet<string> = new Set([CLIENT_CERT_HEADER]);

/** For a request of somebody who has not shown who it is. */
export const UNIDENTIFIED: RequestEdits = { defaultHost: 'localhost', remove: SANITIZED, add: [] };

/** Envoy's format. A SPIFFE URI as we accept it has no character that would need quotes. */
export function forwardedClientCert(own: string, peer: Peer): string {
  return `By=${own};Hash=${peer.hash};URI=${peer.uri}`;
}

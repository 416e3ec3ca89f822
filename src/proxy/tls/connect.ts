import { connect, type PeerCertificate, type TLSSocket } from 'node:tls';
import type { SocketAddress } from '../../compile/proxy-config.ts';
import { identityOf } from '../../pki/identity.ts';
import { DialError, describeAddress, settleOn } from '../socket/dial.ts';
import type { Identity } from './identities.ts';
import { readPeer } from './peer.ts';

export interface TlsTarget {
  readonly at: SocketAddress;
  readonly sni: string;
  /** SPIFFE URIs, one of which the server must carry. */
  readonly identities: readonly string[];
  /** Covers TCP and TLS together. */
  readonly timeoutMs: number;
  /** What is spoken over it, best first. */
  readonly alpn?: readonly string[];
}

/**
 * A session ticket with the peer that was verified when it was made. On a resumed connection Node shows the client no server
 * certificate and skips `checkServerIdentity`; but only the peer of the first handshake can use the ticket's secret, so its
 * identity, remembered here, is judged again against what is expected now.
 */
export interface VerifiedSession {
  readonly ticket: Buffer;
  readonly uri: string;
  readonly notAfter: number;
}

const MAX_SESSIONS = 1_000;

/** Of probes alone: requests and byte pipes have no use for it. */
const PEERS = new WeakMap<TLSSocket, string>();

/** The identity that the server of a connection with an ALPN protocol of ours has proved. */
export function verifiedPeer(socket: TLSSocket): string | undefined {
  return PEERS.get(socket);
}

/** Resolves with a connection whose peer has proved one of the expected identities; rejects with a DialError. */
export function connectTls(own: Identity, target: TlsTarget, now: () => number): Promise<TLSSocket> {
  const key = `${describeAddress(target.at)} ${target.sni}`;
  const remembered = own.sessions.get(key);
  const session = remembered && remembered.notAfter > now() && target.identities.includes(remembered.uri) ? remembered : undefined;
  return new Promise((resolve, reject) => {
    const options = {
      host: target.at.address,
      port: target.at.port,
      secureContext: own.context,
      servername: target.sni,
      rejectUnauthorized: true,
      allowHalfOpen: true,
      ...(session ? { session: session.ticket } : {}),
      ...(target.alpn === undefined ? {} : { ALPNProtocols: [...target.alpn] }),
      checkServerIdentity: (_host: string, certificate: PeerCertificate) => {
        const identity = identityOf(certificate.subjectaltname);
        return identity.ok ? judge(identity.uri, target) : notOurs(target, identity.error);
      },
    };
    const socket = connect(options);
    socket.setNoDelay(true);
    let peer: { uri: string; notAfter: number } | undefined;
    socket.on('session', (ticket) => {
      if (!peer) return;
      if (own.sessions.size >= MAX_SESSIONS) own.sessions.clear();
      own.sessions.set(key, { ticket, uri: peer.uri, notAfter: peer.notAfter });
    });
    const verified = () => {
      peer = socket.isSessionReused() ? session : presented(socket);
      // Said twice on purpose: this holds even if a change of Node lets a handshake through that checkServerIdentity didn't see.
      const wrong = judge(peer?.uri, target);
      if (!wrong && socket.authorized) {
        if (peer && target.alpn !== undefined) PEERS.set(socket, peer.uri);
        return resolve(socket);
      }
      socket.destroy();
      reject(wrong ?? new DialError('tls', `${describeAddress(target.at)}: the certificate is not trusted`));
    };
    settleOn(socket, 'secureConnect', target.timeoutMs, target.at, 'tls', verified, (error) => {
      own.sessions.delete(key);
      reject(error.cause instanceof DialError ? error.cause : error);
    });
  });
}

function presented(socket: TLSSocket): { uri: string; notAfter: number } | undefined {
  const certificate = socket.getPeerX509Certificate();
  const peer = certificate ? readPeer(certificate) : undefined;
  return typeof peer === 'object' ? peer : undefined;
}

function judge(uri: string | undefined, target: TlsTarget): DialError | undefined {
  return uri !== undefined && target.identities.includes(uri) ? undefined : notOurs(target, uri ?? 'without an identity');
}

function notOurs(target: TlsTarget, is: string): DialError {
  return new DialError('identity', `${describeAddress(target.at)} is ${is}, expected ${target.identities.join(' or ')}`);
}

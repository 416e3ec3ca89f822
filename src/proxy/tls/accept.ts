import type { Socket } from 'node:net';
import { createServer, type SecureContext, type Server, type TLSSocket, type TlsOptions } from 'node:tls';
import { systemCode } from '../../base/errors.ts';
import { READY_ALPN } from '../../compile/proxy-config.ts';
import { H2, HTTP1 } from '../http2/alpn.ts';
import type { Identity } from './identities.ts';
import { type Peer, readPeer, trustDomainOf } from './peer.ts';

export interface TlsAcceptorEvents {
  /** The chain is verified, the identity read and of our trust domain. `ready`: the peer asked for the readiness probe. */
  connection(socket: TLSSocket, peer: Peer, ready: boolean): void;
  refused(reason: string, socket: Socket): void;
}

/** The server's half of mutual TLS for sockets that were accepted elsewhere. */
export class TlsAcceptor {
  readonly #events: TlsAcceptorEvents;
  readonly #now: () => number;
  readonly #options: TlsOptions;
  #identity: Identity;
  /** Made for the first connection, as that costs 3 ms. */
  #server: Server | undefined;

  /** `contextOf`: what to show to a client that asks for a name, for who stands for several; undefined refuses the handshake. */
  constructor(
    identity: Identity,
    handshakeMs: number,
    now: () => number,
    events: TlsAcceptorEvents,
    contextOf?: (name: string) => SecureContext | undefined,
  ) {
    this.#identity = identity;
    this.#events = events;
    this.#now = now;
    this.#options = {
      requestCert: true,
      rejectUnauthorized: true,
      handshakeTimeout: handshakeMs,
      // Peers that name none speak what the configuration says, or HTTP/2 with prior knowledge.
      ALPNProtocols: [READY_ALPN, H2, HTTP1],
      ...(contextOf ? { SNICallback: choose(contextOf) } : {}),
    };
  }

  /** New handshakes use the new leaf and roots; its ticket keys are new too, so no session outlives a change of roots. */
  update(identity: Identity): void {
    if (identity === this.#identity) return;
    this.#identity = identity;
    this.#server?.setSecureContext(identity.serverOptions);
  }

  accept(socket: Socket): void {
    // Until the handshake is done there is no half-close: a peer that ends now has left, and would be waited for in vain.
    socket.allowHalfOpen = false;
    this.#server ??= this.#newServer();
    this.#server.emit('connection', socket);
  }

  #newServer(): Server {
    const server = createServer({ ...this.#identity.serverOptions, ...this.#options });
    server.on('secureConnection', (socket) => this.#accepted(socket));
    server.on('tlsClientError', (error, socket) => {
      // A health check of the port connects and leaves; that is no refusal.
      if (systemCode(error) !== 'ECONNRESET') this.#events.refused(`TLS handshake: ${error.message}`, socket);
      socket.destroy();
    });
    return server;
  }

  #accepted(socket: TLSSocket): void {
    socket.on('error', () => undefined);
    socket.allowHalfOpen = true;
    const peer = this.#judge(socket);
    if (typeof peer === 'string') {
      this.#events.refused(peer, socket);
      socket.destroy();
    } else this.#events.connection(socket, peer, socket.alpnProtocol === READY_ALPN);
  }

  /** Also for resumed sessions: on this side Node gives the certificate of the first handshake, whose dates it doesn't check again. */
  #judge(socket: TLSSocket): Peer | string {
    const certificate = socket.getPeerX509Certificate();
    if (!certificate || !socket.authorized) return 'the client showed no certificate that is trusted';
    const peer = readPeer(certificate);
    if (typeof peer === 'string') return `the client is refused: ${peer}`;
    if (peer.notAfter <= this.#now()) return `the certificate of ${peer.uri} has expired`;
    const domain = trustDomainOf(this.#identity.uri);
    if (peer.trustDomain !== domain) return `${peer.uri} is not of the trust domain ${domain}`;
    return peer;
  }
}

function choose(contextOf: (name: string) => SecureContext | undefined): NonNullable<TlsOptions['SNICallback']> {
  return (name, answer) => {
    const context = contextOf(name);
    if (context) answer(null, context);
    else answer(new Error(`nothing here is called ${JSON.stringify(name)}`));
  };
}

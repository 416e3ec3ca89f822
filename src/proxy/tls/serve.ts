import { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import { createSecureContext, createServer, type SecureContext, type SecureContextOptions, type Server, type TLSSocket } from 'node:tls';
import { messageOf, systemCode } from '../../base/errors.ts';
import type { CertificateSource, ListenerTls, Protocol } from '../../compile/proxy-config.ts';
import type { Environment } from '../environment.ts';
import { SaidOnce } from '../said-once.ts';
import { Files } from './files.ts';
import { secureOptions } from './parameters.ts';

export interface ServerTlsEvents {
  connection(socket: TLSSocket): void;
  refused(reason: string, socket: Socket): void;
}

/** A certificate that can be shown. */
interface Shown {
  /** What it was made of: equal, nothing to make anew. */
  readonly state: string;
  readonly options: SecureContextOptions;
  readonly context: SecureContext;
  readonly fits: (name: string) => boolean;
}

/** TLS towards callers from outside of the mesh, for sockets that were accepted elsewhere: no certificate is asked of them. */
export class ServerTls {
  readonly #env: Environment;
  readonly #events: ServerTlsEvents;
  readonly #server: Server;
  readonly #problems: SaidOnce;
  readonly #files: Files[] = [];
  #config: ListenerTls;
  #shown: readonly Shown[] = [];

  constructor(env: Environment, name: string, protocol: Protocol, config: ListenerTls, events: ServerTlsEvents) {
    this.#env = env;
    this.#events = events;
    this.#config = config;
    this.#problems = new SaidOnce(env.log, name, 'certificate not usable');
    this.#server = createServer({
      handshakeTimeout: env.limits.handshakeMs,
      SNICallback: (asked, answer) => answer(null, this.#contextFor(asked)),
      ...(ALPN[protocol] ? { ALPNProtocols: ALPN[protocol] } : {}),
    });
    this.#server.on('secureConnection', (socket) => {
      socket.on('error', () => undefined);
      socket.allowHalfOpen = true;
      events.connection(socket);
    });
    this.#server.on('tlsClientError', (error, socket) => {
      // A health check of the port connects and leaves; that is no refusal.
      if (systemCode(error) !== 'ECONNRESET') events.refused(`TLS handshake: ${error.message}`, socket);
      socket.destroy();
    });
  }

  /** For handshakes to come. */
  update(config: ListenerTls): void {
    this.#config = config;
  }

  /** Files may have been replaced, and leaves renewed, since the last one. */
  accept(socket: Socket): void {
    this.#refresh().then(
      () => this.#handshake(socket),
      (error: unknown) => {
        this.#events.refused(messageOf(error), socket);
        socket.destroy();
      },
    );
  }

  #handshake(socket: Socket): void {
    if (socket.destroyed) return;
    socket.allowHalfOpen = false;
    this.#server.emit('connection', socket);
  }

  #contextFor(asked: string): SecureContext | undefined {
    const name = asked.toLowerCase();
    return (this.#shown.find(({ fits }) => fits(name)) ?? this.#shown[0])?.context;
  }

  /** Rejects when there is nothing to show. */
  async #refresh(): Promise<void> {
    const { certificates } = this.#config;
    const problems = new Set<string>();
    const made = await Promise.all(
      certificates.map(async (source, i) => {
        try {
          return this.#make(await this.#pair(source, i));
        } catch (error) {
          problems.add(messageOf(error));
          return undefined;
        }
      }),
    );
    this.#problems.say(problems);
    const before = this.#shown[0];
    this.#shown = made.filter((one) => one !== undefined);
    const [first] = this.#shown;
    if (!first) throw new Error([...problems].join('; ') || 'the listener has no certificate');
    // What a client gets that asks for no name.
    if (first !== before) this.#server.setSecureContext(first.options);
  }

  async #pair(source: CertificateSource, i: number): Promise<{ cert: string; key: string }> {
    if ('secret' in source) {
      const leaf = this.#env.identities.leaf(source.secret);
      if (!leaf) throw new Error(`there is no certificate yet for ${source.secret}`);
      return { cert: leaf.certPem, key: leaf.keyPem };
    }
    this.#files[i] ??= new Files();
    const [cert, key] = await this.#files[i].read([source.certFile, source.keyFile]);
    return { cert: cert!.toString(), key: key!.toString() };
  }

  #make({ cert, key }: { cert: string; key: string }): Shown {
    const options = { cert, key, ...secureOptions(this.#config, 'TLSv1.2') };
    const state = JSON.stringify(options);
    const present = this.#shown.find((one) => one.state === state);
    if (present) return present;
    const x509 = new X509Certificate(cert);
    return { state, options, context: createSecureContext(options), fits: (name) => x509.checkHost(name) !== undefined };
  }
}

/** What the listener speaks below TLS; tcp is up to its ends. */
const ALPN: Readonly<Partial<Record<Protocol, string[]>>> = { http: ['http/1.1'], http2: ['h2', 'http/1.1'], grpc: ['h2', 'http/1.1'] };

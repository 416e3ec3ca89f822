import type { Socket } from 'node:net';
import { connect, createSecureContext, type SecureContext } from 'node:tls';
import { messageOf } from '../../base/errors.ts';
import type { OriginatedTls, SocketAddress } from '../../compile/proxy-config.ts';
import { DialError, describeAddress, settleOn } from '../socket/dial.ts';
import { Files } from './files.ts';

/** TLS towards systems outside of the mesh, with certificates from files. A file that was replaced counts from the next connection on. */
export class Originator {
  readonly #files = new Files();
  #loaded: { readonly files: readonly Buffer[]; readonly context: SecureContext } | undefined;

  /** Rejects with a DialError that says what is wrong with a file, or with the other side's certificate. `alpn`: what is spoken, best first. */
  async connect(at: SocketAddress, tls: OriginatedTls, timeoutMs: number, alpn?: readonly string[]): Promise<Socket> {
    const context = await this.#context(tls).catch((error: unknown) => {
      throw new DialError('tls', `${describeAddress(at)}: ${messageOf(error)}`, error);
    });
    return new Promise((resolve, reject) => {
      const { sni } = tls;
      const socket = connect({
        host: at.address,
        port: at.port,
        secureContext: context,
        rejectUnauthorized: true,
        ...(alpn ? { ALPNProtocols: [...alpn] } : {}),
        // Envoy compares names only if it was told one.
        ...(sni === undefined ? { servername: '', checkServerIdentity: () => undefined } : { servername: sni }),
      });
      settleOn(socket, 'secureConnect', timeoutMs, at, 'tls', () => resolve(socket), reject);
    });
  }

  async #context({ caFile, certFile, keyFile }: OriginatedTls): Promise<SecureContext> {
    const pair = certFile !== undefined && keyFile !== undefined ? [certFile, keyFile] : [];
    const files = await this.#files.read([caFile, ...pair]);
    if (this.#loaded?.files !== files) {
      const [ca, cert, key] = files;
      this.#loaded = { files, context: createSecureContext({ ca, cert, key }) };
    }
    return this.#loaded.context;
  }
}

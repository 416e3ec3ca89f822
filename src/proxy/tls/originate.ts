import { readFile, stat } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { connect, createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls';
import { messageOf } from '../../base/errors.ts';
import type { OriginatedTls, SocketAddress } from '../../compile/proxy-config.ts';
import { DialError, describeAddress, settleOn } from '../socket/dial.ts';

/** TLS towards systems outside of the mesh, with certificates from files. A file that was replaced counts from the next connection on. */
export class Originator {
  #loaded: { readonly state: string; readonly context: SecureContext } | undefined;

  /** Rejects with a DialError that says what is wrong with a file, or with the other side's certificate. */
  async connect(at: SocketAddress, tls: OriginatedTls, timeoutMs: number): Promise<Socket> {
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
        // Envoy compares names only if it was told one.
        ...(sni === undefined ? { servername: '', checkServerIdentity: () => undefined } : { servername: sni }),
      });
      settleOn(socket, 'secureConnect', timeoutMs, at, 'tls', () => resolve(socket), reject);
    });
  }

  async #context({ caFile, certFile, keyFile }: OriginatedTls): Promise<SecureContext> {
    const paths = [caFile, ...(certFile !== undefined && keyFile !== undefined ? [certFile, keyFile] : [])];
    const state = (await Promise.all(paths.map(stateOf))).join('\n');
    if (this.#loaded?.state === state) return this.#loaded.context;
    const [ca, cert, key] = await Promise.all(paths.map((path) => readFile(path)));
    const options: SecureContextOptions = { ca, cert, key };
    this.#loaded = { state, context: createSecureContext(options) };
    return this.#loaded.context;
  }
}

/** Changes when somebody writes to the file, or puts another in its place. */
async function stateOf(path: string): Promise<string> {
  const { ino, mtimeMs, size } = await stat(path);
  return `${path} ${ino} ${mtimeMs} ${size}`;
}

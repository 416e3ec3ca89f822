import { type AddressInfo, createServer, type Server } from 'node:net';
import type { SocketAddress } from '../compile/proxy-config.ts';

/** Everything of a mesh that was built in code is here. */
export const LOOPBACK = '127.0.0.1';

/**
 * Free ports of 127.0.0.1, held by a listener until the data plane takes that over: nobody else can get one in between, however many
 * meshes begin at once.
 */
export class HeldPorts {
  readonly #held = new Map<number, Server>();

  async take(): Promise<number> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host: LOOPBACK, port: 0, exclusive: true }, resolve);
    });
    const { port } = server.address() as AddressInfo;
    this.#held.set(port, server);
    return port;
  }

  /** For `DataPlaneOptions.held`: from now on it is the data plane's to close. */
  handOver({ port }: SocketAddress): Server | undefined {
    const server = this.#held.get(port);
    this.#held.delete(port);
    return server;
  }

  /** Gives back what nobody has taken over. */
  close(): void {
    for (const server of this.#held.values()) server.close();
    this.#held.clear();
  }
}

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A collector that keeps what it is sent. */
export class Collector {
  readonly bodies: { readonly path: string; readonly json: unknown }[] = [];
  readonly url: string;
  readonly #close: () => Promise<void>;

  static async start(status = 200): Promise<Collector> {
    const bodies: Collector['bodies'] = [];
    const server = createServer((request, response) => {
      void text(request).then((body) => {
        bodies.push({ path: request.url!, json: JSON.parse(body) });
        response.writeHead(status).end('{}');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const close = () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    return new Collector(bodies, `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close);
  }

  private constructor(bodies: Collector['bodies'], url: string, close: () => Promise<void>) {
    this.bodies = bodies;
    this.url = url;
    this.#close = close;
  }

  close(): Promise<void> {
    return this.#close();
  }
}

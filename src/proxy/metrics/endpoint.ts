import { createServer, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { CONTENT_TYPES, formatFor } from '../../base/metrics-format.ts';
import type { Metric } from './metric-set.ts';
import { metricsText } from './text.ts';

/** What a scraper of one sidecar talks to: one path that answers with metrics, on connections that were accepted elsewhere. */
export class MetricsEndpoint {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(path: string, metrics: () => readonly Metric[]) {
    this.#server = createServer(answer(path, metrics));
  }

  accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    this.#server.emit('connection', socket);
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}

function answer(path: string, metrics: () => readonly Metric[]): RequestListener {
  return (request, response) => {
    const asked = request.url?.split('?')[0];
    if (asked !== path) response.writeHead(404).end(`metrics are at ${path}\n`);
    else if (request.method !== 'GET' && request.method !== 'HEAD') response.writeHead(405, { Allow: 'GET, HEAD' }).end();
    else {
      const format = formatFor(request.headers.accept);
      response.writeHead(200, { 'Content-Type': CONTENT_TYPES[format] }).end(metricsText(metrics(), format));
    }
  };
}

import type { Socket } from 'node:net';
import type { ExposedPath } from '../../compile/proxy-config.ts';
import { normalizePath } from '../../matching/path.ts';
import type { Drainable } from '../drains.ts';
import type { Environment } from '../environment.ts';
import { OpenConnections } from '../http/open-connections.ts';
import type { Refusal } from '../http/respond.ts';
import type { HttpPlan, HttpService } from '../http/service.ts';
import type { RequestHead } from '../http1/request.ts';
import { serveHttp } from '../http2/accept.ts';
import type { Observer } from '../observe/observer.ts';
import { OpenSockets } from '../socket/open-sockets.ts';
import { newListenerStats } from '../stats.ts';
import { App } from './app.ts';
import { UNIDENTIFIED } from './client-cert.ts';

/** One path of an application in plaintext, without identity and intentions, and nothing else of it. */
export class Exposed implements Drainable {
  readonly stats = newListenerStats();
  readonly observer: Observer;
  readonly #sockets = new OpenSockets(this.stats);
  readonly #app: App;
  readonly #service: HttpService;
  readonly #connections = new OpenConnections();
  #path: string;
  #open = true;

  constructor(
    env: Environment,
    name: string,
    service: string,
    connectTimeoutMs: number,
    { path, app, protocol = 'http' }: ExposedPath,
    observer: Observer,
  ) {
    this.observer = observer;
    this.#app = new App(env, service, { app, connectTimeoutMs, protocol });
    this.#path = path;
    const { log, limits } = env;
    this.#service = {
      name,
      log,
      limits,
      stats: this.stats,
      open: () => this.#open,
      plan: (head) => observer.extend(head, this.#plan(head)),
      ended: (exchange) => observer.ended(exchange, undefined),
    };
  }

  update({ path, app, protocol = 'http' }: ExposedPath, connectTimeoutMs: number): void {
    this.#path = path;
    this.#app.update({ app, connectTimeoutMs, protocol });
  }

  #plan(head: RequestHead): HttpPlan | Refusal {
    if (normalizePath(head.path) === this.#path) return { target: this.#app.target(), edits: UNIDENTIFIED };
    return { status: 404, reason: `only ${this.#path} is exposed here`, flag: 'NR' };
  }

  accept(socket: Socket): void {
    this.#sockets.add(socket);
    this.observer.opened(socket);
    this.#connections.add(socket, serveHttp(socket, this.#service));
  }

  drain(deadlineMs: number): Promise<void> {
    this.#open = false;
    this.#connections.drain();
    this.#app.close();
    return this.#sockets.drained(deadlineMs, () => this.#connections.cut());
  }
}

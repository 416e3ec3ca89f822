import type { Socket } from 'node:net';
import { messageOf } from '../../base/errors.ts';
import type { OutboundListener } from '../../compile/proxy-config.ts';
import type { Drainable } from '../drains.ts';
import type { Environment } from '../environment.ts';
import { GONE, type Refusal } from '../http/respond.ts';
import { ServerConnection } from '../http/server-connection.ts';
import type { HttpPlan, HttpService } from '../http/service.ts';
import type { RequestHead } from '../http1/request.ts';
import type { RequestEdits } from '../http1/write.ts';
import { abort } from '../socket/closing.ts';
import { OpenSockets } from '../socket/open-sockets.ts';
import { pipe } from '../socket/pipe.ts';
import { newListenerStats } from '../stats.ts';
import type { UpstreamCluster } from './cluster.ts';
import { drawSplit, findRoute } from './route.ts';

const NOTHING: ReadonlySet<string> = new Set();

/** One upstream of a sidecar: what the application connects to. */
export class Outbound implements Drainable {
  readonly stats = newListenerStats();
  readonly #sockets = new OpenSockets(this.stats);
  readonly #name: string;
  readonly #env: Environment;
  readonly #clusters: ReadonlyMap<string, UpstreamCluster>;
  #config: OutboundListener;
  #http: HttpService | undefined;
  readonly #connections = new Set<ServerConnection>();

  /** `clusters` is the sidecar's, always current. */
  constructor(env: Environment, name: string, clusters: ReadonlyMap<string, UpstreamCluster>, config: OutboundListener) {
    this.#env = env;
    this.#name = name;
    this.#clusters = clusters;
    this.#config = config;
    this.#http = this.#httpService();
  }

  /** After a change of protocol each HTTP connection closes with its next answer, so that no request is lost; open byte pipes go on as such. */
  update(config: OutboundListener): void {
    const before = this.#config.protocol;
    this.#config = config;
    if (before === config.protocol) return;
    this.#http = this.#httpService();
  }

  accept(socket: Socket): void {
    this.#sockets.add(socket);
    if (!this.#http) {
      void this.#pipe(socket);
      return;
    }
    const connection = new ServerConnection(socket, this.#http);
    this.#connections.add(connection);
    socket.once('close', () => this.#connections.delete(connection));
  }

  drain(deadlineMs: number): Promise<void> {
    this.#http = undefined;
    for (const connection of this.#connections) connection.drain();
    return this.#sockets.drained(deadlineMs, () => {
      for (const connection of this.#connections) connection.cut(GONE);
    });
  }

  /** http2 and grpc are byte pipes for now: both ends know it from their configuration, so a stream of frames passes unread. */
  #httpService(): HttpService | undefined {
    if (this.#config.protocol !== 'http') return undefined;
    const { log, limits } = this.#env;
    const service: HttpService = {
      name: this.#name,
      log,
      limits,
      stats: this.stats,
      open: () => this.#http === service,
      plan: (head) => this.#plan(head),
    };
    return service;
  }

  #plan(head: RequestHead): HttpPlan | Refusal {
    const cluster = this.#choose(head.path);
    if (typeof cluster === 'string') return { status: 503, reason: cluster };
    const edits: RequestEdits = { defaultHost: cluster.service, remove: NOTHING, add: [] };
    return { target: cluster.target(), edits };
  }

  #choose(path: string | undefined): UpstreamCluster | string {
    const route = findRoute(this.#config.routes, path);
    if (!route) return `no route of ${this.#config.name} matches ${path ?? 'a tcp connection'}`;
    const split = drawSplit(route.splits, this.#env.random());
    const cluster = split && this.#clusters.get(split.cluster);
    return cluster ?? `the route of ${this.#config.name} has no cluster`;
  }

  async #pipe(socket: Socket): Promise<void> {
    const cluster = this.#choose(undefined);
    try {
      if (typeof cluster === 'string') throw new Error(cluster);
      const up = await cluster.dial();
      pipe(socket, up, this.stats, () => undefined);
    } catch (error) {
      this.stats.failedConnections++;
      this.#env.log.log('warn', 'connection failed', { listener: this.#name, reason: messageOf(error) });
      abort(socket);
    }
  }
}

import type { Socket } from 'node:net';
import { messageOf } from '../../base/errors.ts';
import type { ForwardConfig } from '../../compile/proxy-config.ts';
import type { Drainable } from '../drains.ts';
import type { Environment } from '../environment.ts';
import { OpenConnections } from '../http/open-connections.ts';
import { ServerConnection } from '../http/server-connection.ts';
import type { HttpService } from '../http/service.ts';
import type { RequestEdits } from '../http1/write.ts';
import { abort } from '../socket/closing.ts';
import { describeAddress } from '../socket/dial.ts';
import { OpenSockets } from '../socket/open-sockets.ts';
import { pipe } from '../socket/pipe.ts';
import { newListenerStats } from '../stats.ts';
import { Opening } from './opening.ts';
import { rulesFor } from './rules.ts';
import { ForwardTargets } from './targets.ts';

const NOTHING: ReadonlySet<string> = new Set();

/**
 * A port of the host that leads, without identity, to workloads. HTTP/1 goes request by request, so that targets can change
 * under connections that clients keep; anything else is bytes on a connection to one target. It is no gateway: it adds no
 * fields and changes none but those of one hop. Requests that two servers could read differently get a 400, as from sidecars.
 */
export class Forward implements Drainable {
  readonly stats = newListenerStats();
  readonly #sockets = new OpenSockets(this.stats);
  readonly #env: Environment;
  readonly #targets: ForwardTargets;
  readonly #http: HttpService;
  readonly #openings = new Map<Socket, Opening>();
  readonly #connections = new OpenConnections();
  #config: ForwardConfig;
  #edits: RequestEdits;
  #draining = false;

  constructor(env: Environment, config: ForwardConfig) {
    this.#env = env;
    this.#config = config;
    this.#edits = editsOf(config);
    this.#targets = new ForwardTargets(env, config.id, config.targets);
    this.#http = this.#httpService();
  }

  update(config: ForwardConfig): void {
    if (config === this.#config) return;
    this.#config = config;
    this.#edits = editsOf(config);
    this.#targets.update(config.targets);
    for (const opening of this.#openings.values()) opening.targetsChanged();
  }

  /** Resolves when nothing is under way any more to targets that it has lost; once it drains, to any. */
  async quiet(): Promise<void> {
    await (this.#draining ? this.#sockets.quiet() : this.#targets.quiet());
  }

  accept(socket: Socket): void {
    this.#sockets.add(socket);
    const decided = () => this.#openings.delete(socket);
    const opening = new Opening(socket, this.#targets, this.#env.limits.quietMs, {
      http1: (start) => {
        decided();
        this.#serve(socket, start);
      },
      bytes: (start, up, greeting) => {
        decided();
        void this.#pipe(socket, start, up, greeting);
      },
      unreachable: (error) => {
        decided();
        this.#failed(socket, error);
      },
    });
    this.#openings.set(socket, opening);
    socket.once('close', decided);
  }

  drain(deadlineMs: number): Promise<void> {
    this.#draining = true;
    for (const [socket, opening] of this.#openings) {
      opening.close();
      socket.destroySoon();
    }
    this.#connections.drain();
    this.#targets.close();
    return this.#sockets.drained(deadlineMs, () => this.#connections.cut());
  }

  #httpService(): HttpService {
    const { log, limits } = this.#env;
    return {
      name: this.#config.id,
      log,
      limits,
      stats: this.stats,
      halfClose: true,
      open: () => !this.#draining,
      plan: (head) => ({ target: this.#targets.forRequest(head), edits: this.#edits, rules: rulesFor(head) }),
    };
  }

  #serve(socket: Socket, start: Buffer): void {
    socket.unshift(start);
    this.#connections.add(socket, new ServerConnection(socket, this.#http));
    socket.resume();
  }

  async #pipe(socket: Socket, start: Buffer, connected: Socket | undefined, greeting: Buffer | undefined): Promise<void> {
    try {
      const up = connected ?? (await this.#targets.dial()).socket;
      up.write(start);
      this.stats.bytesUp += start.length;
      if (greeting) {
        socket.write(greeting);
        this.stats.bytesDown += greeting.length;
      }
      pipe(socket, up, this.stats, () => undefined);
    } catch (error) {
      this.#failed(socket, error);
    }
  }

  #failed(socket: Socket, error: unknown): void {
    this.stats.failedConnections++;
    this.#env.log.log('warn', 'connection failed', { listener: this.#config.id, reason: messageOf(error) });
    abort(socket);
  }
}

/** A client of HTTP/1.0 may name no host; the target, which is spoken to in HTTP/1.1, must be told one. */
function editsOf({ bind }: ForwardConfig): RequestEdits {
  return { defaultHost: describeAddress(bind), remove: NOTHING, add: [] };
}

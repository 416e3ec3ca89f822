import { messageOf } from '../base/errors.ts';
import type { Log } from '../base/ports.ts';
import type {
  DataplaneCommand,
  DataplaneMetrics,
  DataplaneProbe,
  DataplaneReport,
  DataplaneTap,
  DataplaneUpdate,
} from '../compile/proxy-config.ts';
import type { DataPlane } from './dataplane.ts';
import { metricsText } from './metrics/text.ts';
import { BUCKETS_MS } from './observe/histogram.ts';

/** Characters of one piece of a long answer. The agent takes lines of 16 MiB. */
const PIECE = 1024 * 1024;
/** Each is a few hundred characters. */
const PIECE_FLOWS = 1000;
/** Of requests that are told of and that the agent has not read yet; more wait here, and are dropped at last. */
const MAX_UNREAD_BYTES = 1024 * 1024;

/** How the agent is told. */
export interface AgentChannel {
  send(report: DataplaneReport): void;
  /** Bytes that it has not read yet. */
  readonly unread: number;
}

export interface CommandOptions {
  readonly dataPlane: DataPlane;
  readonly version: string;
  readonly pid: number;
  readonly log: Log;
}

/** What the agent asks of a data plane on one connection. */
export class Commands {
  readonly #options: CommandOptions;
  readonly #agent: AgentChannel;
  readonly #taps = new Map<number, () => void>();
  #stopDenials: (() => void) | undefined;

  constructor(options: CommandOptions, agent: AgentChannel) {
    this.#options = options;
    this.#agent = agent;
  }

  hello(): void {
    this.#send({ type: 'hello', pid: this.#options.pid, version: this.#options.version });
    this.#stopDenials = this.#options.dataPlane.denials((calls) => this.#tell({ type: 'denied', calls }));
  }

  /** An unknown type is skipped: a newer agent may know more than we do. */
  take(command: DataplaneCommand): void {
    switch (command.type) {
      case 'update':
        this.#update(command);
        break;
      case 'settle':
        void this.#options.dataPlane.settled().then(() => this.#send({ type: 'settled', id: command.id }));
        break;
      case 'probe':
        this.#probe(command);
        break;
      case 'metrics':
        this.#metrics(command);
        break;
      case 'traffic':
        this.#traffic(command.id);
        break;
      case 'tap':
        this.#tap(command);
        break;
      case 'untap':
        this.#taps.get(command.id)?.();
        this.#taps.delete(command.id);
        break;
    }
  }

  /** Nobody listens any more. */
  end(): void {
    for (const stop of this.#taps.values()) stop();
    this.#taps.clear();
    this.#stopDenials?.();
  }

  #update(update: DataplaneUpdate): void {
    const { dataPlane } = this.#options;
    dataPlane.apply(update).then(
      ({ index, errors }) => {
        this.#send({ type: 'ack', index, errors });
        for (const { id, leaving } of update.proxies)
          if (leaving) void dataPlane.drained(id).then(() => this.#send({ type: 'drained', proxy: id }));
      },
      (error: unknown) => this.#send({ type: 'ack', index: update.index, errors: { dataplane: messageOf(error) } }),
    );
  }

  #probe({ id, proxy }: DataplaneProbe): void {
    const { dataPlane, log } = this.#options;
    dataPlane.probe(proxy).then(
      (upstreams) => this.#send({ type: 'probe-result', id, upstreams }),
      (error: unknown) => log.log('error', 'probe failed', { proxy, reason: messageOf(error) }),
    );
  }

  #metrics({ id, format, proxy }: DataplaneMetrics): void {
    const text = metricsText(this.#options.dataPlane.metrics(proxy), format);
    for (let at = 0; ; at += PIECE) {
      const more = at + PIECE < text.length;
      this.#send({ type: 'metrics', id, text: text.slice(at, at + PIECE), more });
      if (!more) return;
    }
  }

  #traffic(id: number): void {
    const flows = this.#options.dataPlane.flows();
    for (let at = 0; ; at += PIECE_FLOWS) {
      const more = at + PIECE_FLOWS < flows.length;
      this.#send({ type: 'traffic', id, boundsMs: BUCKETS_MS, flows: flows.slice(at, at + PIECE_FLOWS), more });
      if (!more) return;
    }
  }

  #tap({ id, filter }: DataplaneTap): void {
    const stop = this.#options.dataPlane.tap(filter, (requests, dropped) => this.#tell({ type: 'tapped', id, requests, dropped }));
    this.#taps.set(id, stop);
  }

  /** False: the agent is behind, and nothing was sent. */
  #tell(report: DataplaneReport): boolean {
    if (this.#agent.unread > MAX_UNREAD_BYTES) return false;
    this.#send(report);
    return true;
  }

  #send(report: DataplaneReport): void {
    this.#agent.send(report);
  }
}

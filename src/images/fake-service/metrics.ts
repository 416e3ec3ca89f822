import type { Socket } from 'node:dgram';

/** Where DogStatsD datagrams go. */
export interface MetricsConfig {
  readonly host: string;
  readonly port: number;
  /** The tag `env`. */
  readonly environment: string;
}

/** Counts and timings for a DogStatsD agent, by UDP: nobody waits for them and nobody hears of their loss, as in the original. */
export class Metrics {
  #socket: Socket;
  #config: MetricsConfig;
  #tags: readonly string[];

  private constructor(socket: Socket, config: MetricsConfig, service: string) {
    this.#socket = socket;
    this.#config = config;
    this.#tags = [`service:${service}`, `env:${config.environment}`];
  }

  static async open(config: MetricsConfig, service: string): Promise<Metrics> {
    const { createSocket } = await import('node:dgram');
    const socket = createSocket(config.host.includes(':') ? 'udp6' : 'udp4');
    socket.on('error', () => undefined);
    socket.unref();
    return new Metrics(socket, config, service);
  }

  increment(name: string): void {
    this.#send(metricLine(name, '1|c', this.#tags));
  }

  timing(name: string, ms: number, tags: readonly string[]): void {
    this.#send(metricLine(name, `${ms.toFixed(6)}|ms`, [...this.#tags, ...tags]));
  }

  close(): void {
    this.#socket.close();
  }

  #send(line: string): void {
    this.#socket.send(line, this.#config.port, this.#config.host, () => undefined);
  }
}

/** `handle.request.http:1.250000|ms|#service:web,env:production,response:200` */
function metricLine(name: string, value: string, tags: readonly string[]): string {
  return `${name}:${value}|#${tags.map((tag) => tag.replace(/[,\n|]/g, '_')).join(',')}`;
}

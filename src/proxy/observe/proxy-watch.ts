import { isDeepStrictEqual } from 'node:util';
import type { AccessLogs, ProxyConfig, Telemetry, Tracing } from '../../compile/proxy-config.ts';
import type { Environment } from '../environment.ts';
import { AccessLog } from './access-log/access-log.ts';
import type { LogFile } from './access-log/log-file.ts';
import type { Denials } from './denials.ts';
import { Observer } from './observer.ts';
import type { Taps } from './taps.ts';
import { SpanExporter } from './trace/exporter.ts';
import { Tracer } from './trace/tracer.ts';

/** Who is told of what one proxy does. Its listeners look here at the end of each request, so that a change holds from the next one on. */
export class ProxyWatch {
  /** Of the proxy. */
  readonly id: string;
  /** What the proxy stands for. */
  readonly service: string;
  readonly datacenter: string;
  readonly taps: Taps;
  readonly denials: Denials;
  /** Undefined when nobody wants one. */
  accessLog: AccessLog | undefined;
  /** Undefined when there is no collector. */
  tracer: Tracer | undefined;
  readonly #env: Environment;
  #logFile: LogFile | undefined;
  #telemetry: Telemetry | undefined;

  constructor(env: Environment, config: ProxyConfig) {
    const { id, service, datacenter } = config;
    this.#env = env;
    this.id = id;
    this.service = service;
    this.datacenter = datacenter;
    this.taps = env.taps;
    this.denials = env.denials;
    this.update(config);
  }

  update({ telemetry }: ProxyConfig): void {
    const before = this.#telemetry;
    this.#telemetry = telemetry;
    if (!isDeepStrictEqual(before?.accessLogs, telemetry?.accessLogs)) this.#openAccessLog(telemetry?.accessLogs);
    if (!isDeepStrictEqual(before?.tracing, telemetry?.tracing)) this.#openTracer(telemetry?.tracing, before?.tracing);
  }

  /** What was written before is still flushed. */
  close(): void {
    this.#openAccessLog(undefined);
    this.#openTracer(undefined, this.#telemetry?.tracing);
  }

  #openTracer(config: Tracing | undefined, before: Tracing | undefined): void {
    const { exporters, random } = this.#env;
    this.tracer =
      config &&
      new Tracer(
        config,
        exporters.join(collectorOf(config), () => new SpanExporter(config, this.#env)),
        random,
      );
    if (before) void exporters.leave(collectorOf(before));
  }

  #openAccessLog(config: AccessLogs | undefined): void {
    const { logFiles, log } = this.#env;
    const before = this.#logFile;
    this.#logFile = config && logFiles.join(config.path, this.id);
    const unknown = new Set<string>();
    this.accessLog = config && this.#logFile && new AccessLog(config, this.#logFile, (operator) => unknown.add(operator));
    if (unknown.size > 0)
      log.log('warn', 'part of the format of access logs ignored', { proxy: this.id, reason: `${[...unknown].join(' ')} is not known` });
    if (before) void logFiles.leave(before);
  }

  inbound(): Observer {
    return new Observer(this, 'inbound', this.service);
  }

  outbound(upstream: string): Observer {
    return new Observer(this, 'outbound', upstream);
  }
}

function collectorOf({ protocol, url }: Tracing): string {
  return `${protocol} ${url}`;
}

import type { Clock, Random } from '../../../base/ports.ts';
import type { Propagated, SpanContext } from './b3.ts';

/** A span of Zipkin's API version 2. Times in microseconds. */
export interface ZipkinSpan {
  readonly traceId: string;
  readonly parentId?: string;
  readonly id: string;
  readonly kind?: SpanKind;
  readonly name: string;
  readonly timestamp: number;
  readonly duration: number;
  /** The server continues the caller's span instead of one of its own. */
  readonly shared?: true;
  readonly localEndpoint: Endpoint;
  readonly annotations?: readonly { readonly timestamp: number; readonly value: string }[];
  readonly tags?: Readonly<Record<string, string>>;
}

export type SpanKind = 'CLIENT' | 'SERVER';

export interface Endpoint {
  readonly serviceName: string;
  readonly ipv4?: string;
  readonly port: number;
}

export interface TracerPorts {
  readonly clock: Pick<Clock, 'now'>;
  readonly random: Pick<Random, 'uuid'>;
  /** Takes each sampled span that has ended. */
  readonly report: (span: ZipkinSpan) => void;
}

/** One operation of a trace while it lasts. */
export class Span {
  readonly context: SpanContext;
  #name: string;
  #kind: SpanKind | undefined;
  #shared: boolean;
  #endpoint: Endpoint;
  #ports: TracerPorts;
  #startedAt: number;
  #tags: Record<string, string> = {};
  #annotations: { timestamp: number; value: string }[] = [];

  constructor(context: SpanContext, name: string, kind: SpanKind | undefined, shared: boolean, endpoint: Endpoint, ports: TracerPorts) {
    this.context = context;
    this.#name = name;
    this.#kind = kind;
    this.#shared = shared;
    this.#endpoint = endpoint;
    this.#ports = ports;
    this.#startedAt = ports.clock.now();
  }

  tag(key: string, value: string): void {
    this.#tags[key] = value;
  }

  annotate(value: string): void {
    this.#annotations.push({ timestamp: micros(this.#ports.clock.now()), value });
  }

  end(): void {
    const { traceId, spanId, parentId, sampled } = this.context;
    if (!sampled) return;
    this.#ports.report({
      traceId,
      ...(parentId === undefined ? {} : { parentId }),
      id: spanId,
      ...(this.#kind ? { kind: this.#kind } : {}),
      name: this.#name,
      timestamp: micros(this.#startedAt),
      // Zero would mean unknown.
      duration: Math.max(1, micros(this.#ports.clock.now() - this.#startedAt)),
      ...(this.#shared ? { shared: true } : {}),
      localEndpoint: this.#endpoint,
      ...(this.#annotations.length > 0 ? { annotations: this.#annotations } : {}),
      ...(Object.keys(this.#tags).length > 0 ? { tags: this.#tags } : {}),
    });
  }
}

/** Starts spans. Every trace that begins here is recorded; a caller's decision is kept. */
export class Tracer {
  #endpoint: Endpoint;
  #ports: TracerPorts;

  constructor(endpoint: Endpoint, ports: TracerPorts) {
    this.#endpoint = endpoint;
    this.#ports = ports;
  }

  /** The span of a request that is served: the caller's own, as Zipkin has it, or the first of a new trace. */
  serve(name: string, from: Propagated | undefined): Span {
    const id = this.#id();
    const span = from?.span ?? { traceId: id, spanId: id, parentId: undefined };
    const context = { ...span, sampled: from?.sampled ?? true, debug: from?.debug ?? false };
    return new Span(context, name, 'SERVER', from?.span !== undefined, this.#endpoint, this.#ports);
  }

  child(name: string, parent: SpanContext, kind?: SpanKind): Span {
    const context = { ...parent, spanId: this.#id(), parentId: parent.spanId };
    return new Span(context, name, kind, false, this.#endpoint, this.#ports);
  }

  #id(): string {
    return this.#ports.random.uuid().replaceAll('-', '').slice(0, 16);
  }
}

const micros = (ms: number): number => Math.round(ms * 1000);

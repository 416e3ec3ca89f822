import type { IncomingHttpHeaders } from 'node:http';
import { formatDuration } from '../../base/duration.ts';
import type { Clock, Log } from '../../base/ports.ts';
import type { Metrics } from './metrics.ts';
import { extractB3, injectB3 } from './tracing/b3.ts';
import type { Span, Tracer } from './tracing/tracer.ts';

export type CallType = 'HTTP' | 'gRPC';

/** Something under way, seen by the log, the trace and the metrics alike. */
export interface Activity {
  readonly span: Span | undefined;
  /** Once. */
  end(outcome: Outcome): void;
}

export interface Outcome {
  /** The status that was answered, HTTP's or gRPC's. */
  readonly code: number;
  readonly error?: string | undefined;
}

/** Tells what a service does, in the original's words: log lines, spans and metrics have the names and fields that it gives them. */
export class Telemetry {
  readonly log: Log;
  readonly metrics: Metrics | undefined;
  #clock: Clock;
  #tracer: Tracer | undefined;

  constructor(clock: Clock, log: Log, tracer: Tracer | undefined, metrics: Metrics | undefined) {
    this.log = log;
    this.metrics = metrics;
    this.#clock = clock;
    this.#tracer = tracer;
  }

  handleRequest(type: CallType, headers: IncomingHttpHeaders, fields: Record<string, unknown>): Activity {
    const span = this.#tracer?.serve('handle_request', extractB3(headers));
    span?.annotate(`service.type:${type.toLowerCase()}`);
    this.#say('info', 'Handle inbound request', fields, span);
    return this.#activity(`handle.request.${type.toLowerCase()}`, 'Error handling request', span);
  }

  /** @param request what HTTP asks for */
  callUpstream(parent: Span | undefined, type: CallType, uri: string, request?: { method: string; url: string }): Activity {
    const span = parent && this.#tracer?.child('call_upstream', parent.context, 'CLIENT');
    span?.annotate(`upstream.type:${type.toLowerCase()}`);
    if (request) {
      span?.tag('http.url', request.url);
      span?.tag('http.method', request.method);
    }
    const line = request ? { request: `${request.method} ${request.url} HTTP/1.1` } : {};
    this.#say('info', 'Calling upstream service', { uri, type, ...line }, span);
    return this.#activity(`upstream.request.${type.toLowerCase()}`, 'Error processing upstream request', span);
  }

  /** Sleeps, as a part of a request. */
  async delay(parent: Span | undefined, ms: number): Promise<void> {
    const duration = formatDuration(ms * 1e6);
    const span = parent && this.#tracer?.child('service_delay', parent.context);
    span?.annotate(`randomized_duration:${duration}`);
    this.#say('info', 'Sleeping for', { duration }, span);
    await this.#clock.sleep(ms);
    span?.end();
  }

  #activity(metric: string, failure: string, span: Span | undefined): Activity {
    const startedAt = this.#clock.now();
    return {
      span,
      end: ({ code, error }) => {
        if (error !== undefined) {
          this.#say('error', failure, { error }, span);
          span?.tag('error', 'true');
          span?.annotate(`error:${error}`);
        }
        span?.tag('response', String(code));
        span?.end();
        const tags = [`response:${code}`, ...(error === undefined ? [] : ['error:true'])];
        this.metrics?.timing(metric, this.#clock.now() - startedAt, tags);
      },
    };
  }

  #say(level: 'info' | 'error', message: string, fields: Record<string, unknown>, span: Span | undefined): void {
    this.log.log(level, message, span ? { ...fields, span_id: span.context.spanId, trace_id: span.context.traceId } : fields);
  }
}

/** The headers by which an upstream continues the trace. */
export function traceHeaders({ span }: Activity): Record<string, string> {
  return span ? injectB3(span.context) : {};
}

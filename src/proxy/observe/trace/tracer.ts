import { randomUUID } from 'node:crypto';
import type { Tracing } from '../../../compile/proxy-config.ts';
import type { EndedExchange, HttpPlan } from '../../http/service.ts';
import { UNREAD } from '../../http/unreadable.ts';
import type { RequestHead } from '../../http1/request.ts';
import type { Peer } from '../../tls/peer.ts';
import type { Observer } from '../observer.ts';
import { readTrace, type SpanContext, TRACE_FIELDS, type TraceForm, writeTrace } from './context.ts';
import type { SpanExporter } from './exporter.ts';
import { Ids } from './ids.ts';
import { spanOf } from './span.ts';

export const REQUEST_ID = 'x-request-id';

const READ = new Set([...TRACE_FIELDS, REQUEST_ID]);
const LONGEST = Math.max(...Array.from(READ, ({ length }) => length));

/** Gives requests their place in a trace, and tells the collector of it when they are over. */
export class Tracer {
  readonly #config: Tracing;
  readonly #exporter: SpanExporter;
  readonly #random: () => number;
  readonly #ids = new Ids();
  readonly #began: readonly TraceForm[];
  readonly #removals = new WeakMap<ReadonlySet<string>, ReadonlySet<string>>();

  /** `random`: uniform in [0, 1). */
  constructor(config: Tracing, exporter: SpanExporter, random: () => number) {
    this.#config = config;
    this.#exporter = exporter;
    this.#random = random;
    // Who listens to Zipkin speaks B3.
    this.#began = config.protocol === 'zipkin' ? ['b3-multi', 'w3c'] : ['w3c'];
  }

  /** The plan with what tells the next one of the trace; the same one when there is nothing to tell. */
  extend(plan: HttpPlan, fields: ReadonlyMap<string, string>): HttpPlan {
    const begun = this.#begin(fields);
    if (!begun) return plan;
    const { edits } = plan;
    const add = [...edits.add, ...writeTrace(begun.context, begun.forms)];
    return { ...plan, edits: { ...edits, remove: this.#removal(edits.remove), add }, trace: begun.context };
  }

  ended(exchange: EndedExchange, ms: number, observer: Observer, peer: Peer | undefined): void {
    if (exchange.request === UNREAD) return;
    // One that was refused had no plan, and is no less of interest.
    const context = exchange.plan ? exchange.plan.trace : this.#begin(traceFields(exchange.request))?.context;
    if (context?.sampled) this.#exporter.add(spanOf(context, exchange, ms, observer, peer, this.#config.service));
  }

  #begin(fields: ReadonlyMap<string, string>): { readonly context: SpanContext; readonly forms: readonly TraceForm[] } | undefined {
    const trace = readTrace(fields);
    // Who has decided against a trace, or decides for none, sends what it sends.
    if (trace === 'never' || trace?.sampled === false) return undefined;
    if (trace) {
      const sampled = trace.sampled ?? this.#draw();
      return { context: { traceId: trace.traceId, spanId: this.#ids.span(), parentId: trace.spanId, sampled }, forms: trace.forms };
    }
    if (this.#config.samplePercent === 0) return undefined;
    const context = { traceId: this.#ids.trace(), spanId: this.#ids.span(), parentId: undefined, sampled: this.#draw() };
    return { context, forms: this.#began };
  }

  #draw(): boolean {
    return this.#random() * 100 < this.#config.samplePercent;
  }

  #removal(remove: ReadonlySet<string>): ReadonlySet<string> {
    let all = this.#removals.get(remove);
    if (!all) {
      all = new Set([...remove, ...TRACE_FIELDS]);
      this.#removals.set(remove, all);
    }
    return all;
  }
}

/** The fields of a trace and the id of a request, by lower-case name. */
export function traceFields({ fields: { list } }: RequestHead): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (let i = 0; i < list.length; i += 2) {
    const name = list[i]!;
    if (name.length > LONGEST) continue;
    const lower = name.toLowerCase();
    if (READ.has(lower)) found.set(lower, list[i + 1]!);
  }
  return found;
}

/** Envoy: a request without an id gets one. Here only where somebody reads it: in an access log or a trace. */
export function withRequestId(plan: HttpPlan, fields: ReadonlyMap<string, string>): HttpPlan {
  if (fields.has(REQUEST_ID)) return plan;
  const { edits } = plan;
  return { ...plan, edits: { ...edits, add: [...edits.add, [REQUEST_ID, randomUUID()]] } };
}

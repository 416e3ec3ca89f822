import type { Span } from './span.ts';

const MAX_TRACES = 1000;
/** Of one trace: a client that goes round in circles must not fill the memory. */
const MAX_SPANS = 2000;

export interface Trace {
  readonly id: string;
  /** By their start. */
  readonly spans: readonly Span[];
}

/** The last traces, in memory. The one to which nothing was added for the longest time goes first. */
export class Traces {
  readonly #spans = new Map<string, Span[]>();

  add(spans: readonly Span[]): void {
    for (const span of spans) {
      const known = this.#spans.get(span.traceId) ?? [];
      if (known.length < MAX_SPANS) known.push(span);
      this.#spans.delete(span.traceId);
      this.#spans.set(span.traceId, known);
    }
    for (const id of [...this.#spans.keys()].slice(0, Math.max(0, this.#spans.size - MAX_TRACES))) this.#spans.delete(id);
  }

  get(id: string): Trace | undefined {
    const spans = this.#spans.get(id);
    return spans && { id, spans: spans.toSorted((a, b) => a.timestamp - b.timestamp) };
  }

  /** Newest first; with a service, those that it has a part in. */
  list(service?: string): Trace[] {
    const traces = [...this.#spans.keys()].map((id) => this.get(id)!);
    const wanted = service === undefined ? traces : traces.filter(({ spans }) => spans.some((span) => span.service === service));
    return wanted.toSorted((a, b) => b.spans[0]!.timestamp - a.spans[0]!.timestamp);
  }

  services(): string[] {
    return [...new Set([...this.#spans.values()].flat().map((span) => span.service))].toSorted();
  }
}

export interface SpanNode {
  readonly span: Span;
  readonly children: readonly SpanNode[];
}

/** The spans below those that called them. A span whose caller is not known stands at the top. */
export function treeOf({ spans }: Trace): SpanNode[] {
  const parentOf = new Map(spans.map((span) => [span, parent(span, spans)]));
  const below = (caller: Span | undefined): SpanNode[] =>
    spans.flatMap((span) => (parentOf.get(span) === caller ? [{ span, children: below(span) }] : []));
  return below(undefined);
}

/** The other side of a shared span; else what runs in the server of the caller's span. */
function parent(span: Span, spans: readonly Span[]): Span | undefined {
  if (span.shared) {
    const other = spans.find(({ id, shared }) => id === span.id && !shared);
    if (other) return other;
  }
  const callers = spans.filter(({ id }) => id === span.parentId && id !== span.id);
  return callers.find(({ shared }) => shared) ?? callers[0];
}

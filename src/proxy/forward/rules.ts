import type { ExchangeRules } from '../http/service.ts';
import type { RequestHead } from '../http1/request.ts';

/** RFC 9110 9.2.1. */
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/** May be sent twice, and can be: it asks for nothing but an answer, and has no body. */
export function isRepeatable({ method, framing }: RequestHead): boolean {
  return SAFE.has(method) && framing.kind === 'none';
}

/** A connection has no timeouts of its own, so neither have the requests of a forward: an event stream may be silent for an hour. */
const ONCE: ExchangeRules = { timeoutMs: 0, idleMs: 0, retry: undefined, responseEdits: undefined };

/** One more attempt, elsewhere if there is another target, when the first one died before it answered. */
const TWICE: ExchangeRules = {
  ...ONCE,
  retry: { count: 1, onConnectFailure: false, onReset: true, onRefused: true, onResponse: () => false, backOffMs: () => 0 },
};

export function rulesFor(head: RequestHead): ExchangeRules {
  return isRepeatable(head) ? TWICE : ONCE;
}

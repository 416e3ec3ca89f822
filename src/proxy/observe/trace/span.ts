import type { EndedExchange } from '../../http/service.ts';
import type { Peer } from '../../tls/peer.ts';
import { flagOfExchange } from '../flags.ts';
import type { Observer } from '../observer.ts';
import type { SpanContext } from './context.ts';

/** One hop of a request: through the sidecar of who sends it, or of who gets it. */
export interface Span extends SpanContext {
  /** Whose it is: `web`. */
  readonly service: string;
  readonly name: string;
  readonly kind: 'server' | 'client';
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly durationMs: number;
  readonly failed: boolean;
  /** By OpenTelemetry's conventions where it has some. */
  readonly attributes: Readonly<Record<string, string | number>>;
}

export function spanOf(
  context: SpanContext,
  exchange: EndedExchange,
  durationMs: number,
  observer: Observer,
  peer: Peer | undefined,
  service: string,
): Span {
  const { request } = exchange;
  const server = observer.direction === 'inbound';
  return {
    ...context,
    service,
    name: `${request.method} ${observer.destination}`,
    kind: server ? 'server' : 'client',
    startedAt: performance.timeOrigin + exchange.startedAt,
    durationMs,
    // Conventions: a 4xx is no failure of the server that gave it.
    failed: exchange.status === 0 || exchange.status >= (server ? 500 : 400) || exchange.brokenBy !== undefined,
    attributes: attributesOf(exchange, observer, peer),
  };
}

/** No query: it may hold what is nobody's business. */
function attributesOf(exchange: EndedExchange, observer: Observer, peer: Peer | undefined): Record<string, string | number> {
  const { request, status, refusal, reached, retries, brokenBy, plan } = exchange;
  const attributes: Record<string, string | number> = {
    'http.request.method': request.method,
    'url.path': request.path,
    'url.scheme': 'http',
    'network.protocol.version': String(exchange.caller.version ?? `1.${request.minor}`),
    'http.request.body.size': exchange.bytesUp,
    'http.response.body.size': exchange.bytesDown,
    'mesh.proxy': observer.proxy.id,
  };
  const add = (name: string, value: string | number | undefined): void => {
    if (value !== undefined) attributes[name] = value;
  };
  if (status !== 0) add('http.response.status_code', status);
  add('server.address', request.host);
  add('peer.service', observer.direction === 'outbound' ? observer.destination : peer?.service);
  add('mesh.route', observer.direction === 'outbound' ? plan?.traffic?.name : undefined);
  add('mesh.upstream_cluster', reached?.cluster);
  add('network.peer.address', reached?.stats.address);
  if (retries > 0) add('http.request.resend_count', retries);
  add('mesh.response_flags', flagOfExchange(exchange));
  add('mesh.reason', refusal?.reason ?? brokenBy);
  add('mesh.rule', refusal?.rule);
  return attributes;
}

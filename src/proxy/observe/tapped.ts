import type { TappedRequest } from '../../compile/proxy-config.ts';
import type { EndedExchange } from '../http/service.ts';
import type { EndedConnection } from './access-log/access-log.ts';
import { flagOfExchange } from './flags.ts';
import type { Observer } from './observer.ts';
import { redacted } from './redact.ts';
import type { Traffic } from './traffic.ts';

const NO_FIELDS: readonly string[] = [];

/** A request that is over, as it is told to who listens. `group` is that of its source, or of the split that it took. */
export function tappedRequest(exchange: EndedExchange, ms: number, observer: Observer, group: Traffic | undefined): TappedRequest {
  const { proxy, direction, destination } = observer;
  const { request, refusal, brokenBy, reached, response } = exchange;
  const reason = refusal?.reason ?? brokenBy;
  return {
    at: Math.round(performance.timeOrigin + exchange.startedAt),
    durationMs: Math.round(ms * 1000) / 1000,
    proxy: proxy.id,
    direction,
    source: direction === 'inbound' ? (group?.name ?? '') : proxy.service,
    destination,
    method: request.method,
    host: request.host ?? '',
    target: request.target,
    status: exchange.status,
    flag: flagOfExchange(exchange) ?? '',
    ...(reason === undefined ? {} : { reason }),
    ...(refusal?.rule === undefined ? {} : { rule: refusal.rule }),
    ...(direction === 'outbound' && group ? { route: group.name } : {}),
    ...(reached ? { cluster: reached.cluster, endpoint: reached.stats.address } : {}),
    retries: exchange.retries,
    bytesUp: exchange.bytesUp,
    bytesDown: exchange.bytesDown,
    requestFields: redacted(request.fields.list),
    responseFields: redacted(response?.fields.list ?? NO_FIELDS),
  };
}

/** The same of a connection whose requests are not seen. */
export function tappedConnection(connection: EndedConnection, { proxy, direction, destination }: Observer): TappedRequest {
  const { peer, startedAt, bytesUp, bytesDown, reached, refused } = connection;
  return {
    connection: true,
    at: Math.round(performance.timeOrigin + startedAt),
    durationMs: Math.round((performance.now() - startedAt) * 1000) / 1000,
    proxy: proxy.id,
    direction,
    source: direction === 'inbound' ? (peer?.service ?? '') : proxy.service,
    destination,
    method: '',
    host: '',
    target: '',
    status: 0,
    flag: refused?.flag ?? '',
    ...(refused ? { reason: refused.reason } : {}),
    ...(refused?.rule === undefined ? {} : { rule: refused.rule }),
    ...(reached ? { cluster: reached.cluster, endpoint: reached.stats.address } : {}),
    retries: 0,
    bytesUp,
    bytesDown,
    requestFields: NO_FIELDS,
    responseFields: NO_FIELDS,
  };
}

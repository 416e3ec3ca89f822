import type { Protocol } from '../../compile/proxy-config.ts';
import type { Observer } from '../observe/observer.ts';
import type { Traffic } from '../observe/traffic.ts';
import { type ListenerStats, newListenerStats } from '../stats.ts';
import { answersOf, classesOf } from './answers.ts';
import type { Labels, MetricSet } from './metric-set.ts';

export const PUBLIC = 'public_listener';

export interface ListenerView {
  readonly stats: ListenerStats;
  readonly observer: Observer;
  readonly protocol: Protocol;
  /** Envoy's stat prefix, of which it takes the first part. */
  readonly prefix: string;
  /** `127.0.0.1_21000` */
  readonly address: string;
}

/** `labels` are of the proxy and, for an upstream, of that. */
export function addListener(set: MetricSet, labels: Labels, view: ListenerView): void {
  const { stats, observer, prefix, address } = view;
  const bound = { ...labels, envoy_listener_address: address };
  addConnections(set, bound, stats);
  if (prefix === PUBLIC) addHandshakes(set, bound, stats);
  addTraffic(set, labels, view);
  addRefusals(set, bound, observer);
}

/** `services`: of all that a terminating gateway stands for, which share its observer; `view` is the gateway's own. */
export function addTerminating(
  set: MetricSet,
  labels: Labels,
  view: Pick<ListenerView, 'stats' | 'observer' | 'address'>,
  services: readonly { readonly protocol: Protocol; readonly stats: ListenerStats }[],
): void {
  const { stats, observer, address } = view;
  const bound = { ...labels, envoy_listener_address: address };
  addConnections(set, bound, stats);
  addHandshakes(set, bound, sumOf([stats, ...services.map((service) => service.stats)]));
  for (const wanted of ['tcp', 'http'] as const) {
    const some = services.filter(({ protocol }) => (protocol === 'tcp') === (wanted === 'tcp'));
    if (some.length > 0) addTraffic(set, labels, { ...view, protocol: wanted, prefix: PUBLIC, stats: sumOf(some.map((one) => one.stats)) });
  }
  addRefusals(set, bound, observer);
}

function sumOf(all: readonly ListenerStats[]): ListenerStats {
  const sum = newListenerStats();
  for (const stats of all) for (const name of Object.keys(sum) as (keyof ListenerStats)[]) sum[name] += stats[name];
  return sum;
}

function addConnections(set: MetricSet, bound: Labels, stats: ListenerStats): void {
  set.add('envoy_listener_downstream_cx_total', bound, stats.connections);
  set.add('envoy_listener_downstream_cx_active', bound, stats.activeConnections);
}

function addHandshakes(set: MetricSet, bound: Labels, stats: ListenerStats): void {
  set.add('envoy_listener_ssl_handshake', bound, stats.handshakes);
  set.add('envoy_listener_ssl_session_reused', bound, stats.resumedHandshakes);
  set.add('envoy_listener_ssl_connection_error', bound, stats.refusedConnections);
}

function addTraffic(set: MetricSet, labels: Labels, view: ListenerView): void {
  if (view.protocol === 'tcp') addTcp(set, { ...labels, envoy_tcp_prefix: view.prefix }, view.stats);
  else addHttp(set, { ...labels, envoy_http_conn_manager_prefix: view.prefix }, view);
}

function addRefusals(set: MetricSet, bound: Labels, observer: Observer): void {
  for (const [flag, count] of observer.refusals) set.add('mesh_refusals_total', { ...bound, flag }, count);
  for (const [rule, count] of observer.denials) set.add('mesh_denied_total', { ...bound, rule }, count);
}

function addTcp(set: MetricSet, labels: Labels, stats: ListenerStats): void {
  set.add('envoy_tcp_downstream_cx_total', labels, stats.connections);
  set.add('envoy_tcp_downstream_cx_no_route', labels, stats.failedConnections);
  set.add('envoy_tcp_downstream_cx_rx_bytes_total', labels, stats.bytesUp);
  set.add('envoy_tcp_downstream_cx_tx_bytes_total', labels, stats.bytesDown);
}

function addHttp(set: MetricSet, labels: Labels, { stats, observer, prefix, address }: ListenerView): void {
  const classes = { '2': stats.status2xx, '3': stats.status3xx, '4': stats.status4xx, '5': stats.status5xx };
  const answered = Object.values(classes).reduce((sum, n) => sum + n, 0);
  set.add('envoy_http_downstream_cx_total', labels, stats.connections);
  set.add('envoy_http_downstream_cx_active', labels, stats.activeConnections);
  set.add('envoy_http_downstream_rq_total', labels, stats.requests);
  set.add('envoy_http_downstream_rq_active', labels, stats.requests - stats.completedRequests);
  set.add('envoy_http_downstream_rq_completed', labels, answered);
  for (const [envoy_response_code_class, count] of Object.entries(classes)) {
    const labelled = { ...labels, envoy_response_code_class };
    set.add('envoy_http_downstream_rq_xx', labelled, count);
    set.add('envoy_listener_http_downstream_rq_xx', { ...labelled, envoy_listener_address: address }, count);
  }
  set.add('envoy_http_downstream_rq_timeout', labels, stats.timeouts);
  set.add('envoy_http_downstream_rq_rx_reset', labels, stats.brokenResponses);
  set.add('envoy_http_downstream_rq_time', labels, observer.times);
  if (prefix === PUBLIC) addSources(set, labels, stats, observer);
  else addRoutes(set, labels, observer);
}

function addSources(set: MetricSet, labels: Labels, stats: ListenerStats, observer: Observer): void {
  let denied = -observer.deniedConnections;
  for (const [, count] of observer.denials) denied += count;
  set.add('envoy_http_rbac_allowed', labels, stats.requests - denied);
  set.add('envoy_http_rbac_denied', labels, denied);
  const bySource = new Map<string, Traffic[]>();
  for (const traffic of observer.groups) bySource.set(traffic.name, [...(bySource.get(traffic.name) ?? []), traffic]);
  for (const [source, traffics] of bySource) {
    const labelled = { ...labels, source };
    const { classes, times } = answersOf(traffics);
    for (const [code, count] of classes) set.add('mesh_source_requests_total', { ...labelled, code }, count);
    set.add('mesh_source_request_time', labelled, times);
  }
}

function addRoutes(set: MetricSet, labels: Labels, observer: Observer): void {
  for (const traffic of observer.groups) {
    const labelled = { ...labels, route: traffic.name, cluster: traffic.cluster ?? '' };
    for (const [code, count] of classesOf(traffic)) set.add('mesh_route_requests_total', { ...labelled, code }, count);
    set.add('mesh_route_request_time', labelled, traffic.times);
  }
}

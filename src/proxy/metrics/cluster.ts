import type { EndpointStats } from '../observe/endpoint-stats.ts';
import type { ClusterStats } from '../stats.ts';
import { answersOf } from './answers.ts';
import type { Labels, MetricSet } from './metric-set.ts';

export interface ClusterView {
  readonly endpoints: readonly EndpointStats[];
  readonly stats: Pick<ClusterStats, 'failovers' | 'ejections' | 'overflows'>;
}

/** A cluster is the sum of its endpoints: each request is counted at one of them. `labels` are of the proxy and the destination. */
export function addCluster(set: MetricSet, labels: Labels, { endpoints, stats: { failovers, ejections, overflows } }: ClusterView): void {
  const sum = (of: (stats: EndpointStats) => number): number => endpoints.reduce((all, stats) => all + of(stats), 0);
  set.add('envoy_cluster_membership_total', labels, endpoints.length);
  set.add('envoy_cluster_membership_healthy', labels, endpoints.length);
  set.add(
    'envoy_cluster_upstream_cx_total',
    labels,
    sum(({ connects }) => connects),
  );
  set.add(
    'envoy_cluster_upstream_cx_active',
    labels,
    sum(({ activeConnections }) => activeConnections),
  );
  set.add(
    'envoy_cluster_upstream_cx_connect_fail',
    labels,
    sum(({ connectFailures }) => connectFailures),
  );
  set.add(
    'envoy_cluster_ssl_session_reused',
    labels,
    sum(({ resumed }) => resumed),
  );
  set.add(
    'envoy_cluster_upstream_rq_retry',
    labels,
    sum(({ traffic }) => traffic.retries),
  );
  set.add(
    'mesh_cluster_request_bytes_total',
    labels,
    sum(({ traffic }) => traffic.bytesUp),
  );
  set.add(
    'mesh_cluster_response_bytes_total',
    labels,
    sum(({ traffic }) => traffic.bytesDown),
  );
  set.add('envoy_cluster_upstream_rq_pending_overflow', labels, overflows);
  set.add('envoy_cluster_outlier_detection_ejections_enforced_total', labels, ejections);
  if (failovers > 0) set.add('mesh_cluster_failovers_total', labels, failovers);
  addAnswers(set, labels, endpoints);
  for (const endpoint of endpoints) addEndpoint(set, { ...labels, envoy_endpoint_address: endpoint.address }, endpoint);
}

function addAnswers(set: MetricSet, labels: Labels, endpoints: readonly EndpointStats[]): void {
  const { times, codes, classes } = answersOf(endpoints.map(({ traffic }) => traffic));
  const answered = [...codes.values()].reduce((all, n) => all + n, 0);
  set.add('envoy_cluster_upstream_rq_total', labels, times.count);
  set.add('envoy_cluster_upstream_rq_completed', labels, answered);
  for (const [code, n] of codes) set.add('envoy_cluster_upstream_rq', { ...labels, envoy_response_code: String(code) }, n);
  for (const [name, n] of classes) set.add('envoy_cluster_upstream_rq_xx', { ...labels, envoy_response_code_class: name }, n);
  set.add('envoy_cluster_upstream_rq_time', labels, times);
}

function addEndpoint(set: MetricSet, labels: Labels, { connects, activeConnections, connectFailures, traffic }: EndpointStats): void {
  const all = traffic.times.count;
  const good = traffic.codes.reduce((sum, { code, count }) => (code < 500 ? sum + count : sum), 0);
  set.add('envoy_cluster_endpoint_cx_total', labels, connects);
  set.add('envoy_cluster_endpoint_cx_active', labels, activeConnections);
  set.add('envoy_cluster_endpoint_cx_connect_fail', labels, connectFailures);
  set.add('envoy_cluster_endpoint_rq_total', labels, all);
  set.add('envoy_cluster_endpoint_rq_success', labels, good);
  set.add('envoy_cluster_endpoint_rq_error', labels, all - good);
}

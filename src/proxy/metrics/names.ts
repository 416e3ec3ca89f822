export interface MetricKind {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly doc: string;
}

const counter = (doc: string): MetricKind => ({ type: 'counter', doc });
const gauge = (doc: string): MetricKind => ({ type: 'gauge', doc });
const histogram = (doc: string): MetricKind => ({ type: 'histogram', doc });

/**
 * All metrics of sidecars. Names of Envoy mean what they mean there, with the labels that Consul gives them, so that dashboards and
 * Consul's own UI read them; `mesh_` is what Envoy has no name for. Times are in milliseconds, as Envoy's.
 */
export const METRICS = {
  envoy_server_live: gauge('The data plane serves.'),
  envoy_listener_downstream_cx_total: counter('Connections to a listener.'),
  envoy_listener_downstream_cx_active: gauge('Connections to a listener that are open.'),
  envoy_listener_ssl_handshake: counter('TLS handshakes of a listener that succeeded.'),
  envoy_listener_ssl_session_reused: counter('TLS handshakes that took up an earlier session.'),
  envoy_listener_ssl_connection_error: counter('Connections refused by TLS, their identity or, for tcp, an intention.'),
  envoy_listener_http_downstream_rq_xx: counter('Answers by class of status, as a listener gave them.'),
  envoy_http_downstream_cx_total: counter('Connections that speak HTTP.'),
  envoy_http_downstream_cx_active: gauge('Connections that speak HTTP and are open.'),
  envoy_http_downstream_rq_total: counter('Requests to a listener.'),
  envoy_http_downstream_rq_active: gauge('Requests under way.'),
  envoy_http_downstream_rq_completed: counter('Requests that were answered.'),
  envoy_http_downstream_rq_xx: counter('Answers by class of status.'),
  envoy_http_downstream_rq_timeout: counter('Requests that their route or resolver gave no more time.'),
  envoy_http_downstream_rq_rx_reset: counter('Requests whose client left, or whose answer broke off.'),
  envoy_http_downstream_rq_time: histogram('From the head of a request to the end of its answer.'),
  envoy_http_rbac_allowed: counter('Requests that no intention refused.'),
  envoy_http_rbac_denied: counter('Requests that an intention refused.'),
  envoy_tcp_downstream_cx_total: counter('Connections that pass as bytes.'),
  envoy_tcp_downstream_cx_no_route: counter('Connections for which no upstream could be reached.'),
  envoy_tcp_downstream_cx_rx_bytes_total: counter('Bytes from clients.'),
  envoy_tcp_downstream_cx_tx_bytes_total: counter('Bytes to clients.'),
  envoy_cluster_membership_total: gauge('Endpoints of a cluster.'),
  envoy_cluster_membership_healthy: gauge('Endpoints of a cluster that requests may go to.'),
  envoy_cluster_upstream_cx_total: counter('Connections to endpoints.'),
  envoy_cluster_upstream_cx_active: gauge('Connections to endpoints that are open.'),
  envoy_cluster_upstream_cx_connect_fail: counter('Connections that could not be had.'),
  envoy_cluster_ssl_session_reused: counter('TLS handshakes with endpoints that took up an earlier session.'),
  envoy_cluster_upstream_rq_total: counter('Requests that reached an endpoint.'),
  envoy_cluster_upstream_rq_completed: counter('Those that were answered.'),
  envoy_cluster_upstream_rq: counter('Answers by exact status.'),
  envoy_cluster_upstream_rq_xx: counter('Answers by class of status.'),
  envoy_cluster_upstream_rq_retry: counter('Requests that were sent once more.'),
  envoy_cluster_upstream_rq_time: histogram('From the head of a request to the end of its answer.'),
  envoy_cluster_endpoint_cx_total: counter('Connections to one endpoint.'),
  envoy_cluster_endpoint_cx_active: gauge('Connections to one endpoint that are open.'),
  envoy_cluster_endpoint_cx_connect_fail: counter('Connections to one endpoint that could not be had.'),
  envoy_cluster_endpoint_rq_total: counter('Requests that reached one endpoint.'),
  envoy_cluster_endpoint_rq_success: counter('Those that were answered with less than 500.'),
  envoy_cluster_endpoint_rq_error: counter('Those that were answered with 500 or more, or not at all.'),
  envoy_cluster_upstream_rq_pending_overflow: counter('Requests and connections refused because a limit of the cluster was reached.'),
  envoy_cluster_outlier_detection_ejections_enforced_total: counter('Endpoints that were passed over for their failures.'),
  mesh_cluster_request_bytes_total: counter('Bytes of bodies to endpoints.'),
  mesh_cluster_response_bytes_total: counter('Bytes of bodies from endpoints.'),
  mesh_cluster_failovers_total: counter('Connections in place of another cluster that could not be reached.'),
  mesh_source_requests_total: counter('Requests by the service that sent them, and class of status.'),
  mesh_source_request_time: histogram('Time of the requests of a service.'),
  mesh_route_requests_total: counter('Requests by the route that they took, the cluster that was drawn, and class of status.'),
  mesh_route_request_time: histogram('Time of the requests of a route and cluster.'),
  mesh_refusals_total: counter('Requests that the proxy itself answered, by response flag of Envoy.'),
  mesh_denied_total: counter('Requests, and connections that pass as bytes, refused by a rule, by rule.'),
} as const satisfies Readonly<Record<string, MetricKind>>;

export type MetricName = keyof typeof METRICS;

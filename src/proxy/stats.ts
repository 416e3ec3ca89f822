/** Plain numbers, written on the hot path and read when someone asks. They live as long as the listener or cluster they count for. */
export interface ListenerStats {
  connections: number;
  activeConnections: number;
  /** Refused by TLS, identity or, for tcp, an intention. */
  refusedConnections: number;
  /** TLS, from the mesh's side. */
  handshakes: number;
  /** Those that took up an earlier session. */
  resumedHandshakes: number;
  /** tcp: the other side could not be reached. */
  failedConnections: number;
  requests: number;
  /** Requests that are over; the rest is under way. */
  completedRequests: number;
  /** Answered by the proxy itself: denied, malformed, no upstream. */
  refusedRequests: number;
  /** Responses that broke off, or whose client left. */
  brokenResponses: number;
  /** Requests sent once more: after an idle connection had closed under one, or because its route asks for it. */
  retries: number;
  /** Requests that were not answered within the time of their route or resolver. */
  timeouts: number;
  status2xx: number;
  status3xx: number;
  status4xx: number;
  status5xx: number;
  /** tcp: towards the application. */
  bytesUp: number;
  bytesDown: number;
}

export interface ClusterStats {
  connects: number;
  connectFailures: number;
  /** Connections made here in place of another cluster that could not be reached. */
  failovers: number;
  /** Endpoints that were passed over for their failures. */
  ejections: number;
  /** Requests and connections that were refused because a limit of the cluster was reached. */
  overflows: number;
}

export interface DataPlaneStats {
  /** By `<proxy id>/inbound`, `<proxy id>/outbound/<upstream>`, `forward/<id>`. */
  readonly listeners: Readonly<Record<string, Readonly<ListenerStats>>>;
  /** By `<proxy id>/<cluster name>`. */
  readonly clusters: Readonly<Record<string, Readonly<ClusterStats>>>;
}

export function newListenerStats(): ListenerStats {
  return {
    connections: 0,
    activeConnections: 0,
    refusedConnections: 0,
    handshakes: 0,
    resumedHandshakes: 0,
    failedConnections: 0,
    requests: 0,
    completedRequests: 0,
    refusedRequests: 0,
    brokenResponses: 0,
    retries: 0,
    timeouts: 0,
    status2xx: 0,
    status3xx: 0,
    status4xx: 0,
    status5xx: 0,
    bytesUp: 0,
    bytesDown: 0,
  };
}

export function countStatus(stats: ListenerStats, status: number): void {
  if (status >= 500) stats.status5xx++;
  else if (status >= 400) stats.status4xx++;
  else if (status >= 300) stats.status3xx++;
  else stats.status2xx++;
}

/** `GET /v1/mesh/routes/:service`: where calls of a service or gateway may go, in the order in which its sidecars look. */
export interface ServiceRoutes {
  /** Index of the catalog: `?index=` waits for a newer one. */
  readonly index: number;
  readonly service: string;
  readonly datacenter: string;
  /** Those of its instances that differ stand beside each other. */
  readonly upstreams: readonly UpstreamRoutes[];
}

export interface UpstreamRoutes {
  /** `payments`, `payments?dc=dc2`; of a gateway its listener: `http:8080`. */
  readonly upstream: string;
  readonly protocol: string;
  /** `127.0.0.1:9091` */
  readonly listens: readonly string[];
  /** Ids of the proxies that have it. */
  readonly proxies: readonly string[];
  /** The first that matches counts. */
  readonly routes: readonly UpstreamRoute[];
}

export interface UpstreamRoute {
  /** What it matches, `/currency*`, as flows of the traffic name it. */
  readonly name: string;
  /** Of a gateway: of which hosts. */
  readonly hosts?: readonly string[];
  /** Weights add up to 100. */
  readonly splits: readonly RouteTarget[];
  /** Until the answer is whole; 0: no limit. Absent: the usual one. */
  readonly timeoutMs?: number;
  readonly idleTimeoutMs?: number;
  /** `on`: `connect-failure`, `5xx`, `503`. */
  readonly retries?: { readonly count: number; readonly on: readonly string[] };
  readonly prefixRewrite?: string;
  /** Copies go there. */
  readonly mirror?: { readonly percent: number; readonly cluster: string };
  /** Requests need a token. */
  readonly asksForToken?: true;
}

export interface RouteTarget {
  readonly weight: number;
  /** As flows of the traffic name it. */
  readonly cluster: string;
  readonly destination: string;
  readonly destinationDatacenter: string;
  /** Empty: all instances. */
  readonly subset: string;
  /** How many can be sent to at this moment. */
  readonly endpoints: number;
  /** Clusters that stand in, in order. */
  readonly failover: readonly string[];
}

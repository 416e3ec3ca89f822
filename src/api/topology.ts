/** `GET /v1/mesh/topology`: who there is, and who is to talk to whom, as the catalog and the configuration of the sidecars have it. */
export interface Topology {
  /** Index of the catalog: `?index=` waits for a newer one. */
  readonly index: number;
  readonly datacenters: readonly string[];
  readonly services: readonly TopologyService[];
  readonly edges: readonly TopologyEdge[];
}

export interface TopologyService {
  readonly name: string;
  readonly datacenter: string;
  readonly kind: 'service' | 'ingress-gateway' | 'terminating-gateway' | 'api-gateway' | 'mesh-gateway' | 'external';
  /** tcp, http, http2, grpc. */
  readonly protocol: string;
  readonly instances: readonly TopologyInstance[];
  /** Name of the blueprint it came with; absent: from elsewhere. */
  readonly blueprint?: string;
}

export interface TopologyInstance {
  readonly id: string;
  readonly node: string;
  /** Where it really is, `127.5.0.110:9090`. */
  readonly address: string;
  readonly health: 'passing' | 'warning' | 'critical';
  readonly tags: readonly string[];
  readonly meta: Readonly<Record<string, string>>;
  /** Absent: it has none, or is a gateway itself. */
  readonly sidecar?: { readonly id: string; readonly address: string; readonly serves: boolean; readonly error?: string };
}

/** A caller's upstream and one service that its chain can lead to: an upstream with a router or a failover has several. */
export interface TopologyEdge {
  readonly source: string;
  readonly sourceDatacenter: string;
  readonly destination: string;
  readonly destinationDatacenter: string;
  /** Name of the upstream: `payments`, `payments?dc=dc2`. */
  readonly upstream: string;
  /** Where applications find it: `127.0.0.1:9091`. Empty for what a gateway leads to. */
  readonly listens: readonly string[];
  readonly protocol: string;
  /** Subsets of the destination that are reached; an empty text is all instances. */
  readonly subsets: readonly string[];
  /** SPIFFE id of the caller, and those that the destination may show. */
  readonly identity: string;
  readonly expects: readonly string[];
  /** `mixed`: permissions decide request by request. */
  readonly intention: 'allow' | 'deny' | 'mixed';
  /** The intention that decides, or that it is the default: `intention deny web => payments (precedence 9)`. */
  readonly rule: string;
  /** TLS between the two; absent: the destination is outside of the mesh. */
  readonly tls?: 'mutual' | 'originated';
  /** Of mutual TLS: the newest version that both sides offer, `1.3`. Absent: they have none in common. */
  readonly tlsVersion?: string;
}

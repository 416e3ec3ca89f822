/** What a Consul answers, as far as a sidecar has to know it. */

/** `/v1/agent/service/:id`, or the same made of flags. */
export interface ProxyService {
  readonly ID: string;
  readonly Service: string;
  readonly Kind: string;
  readonly Address: string;
  readonly Port: number;
  readonly Proxy: {
    readonly DestinationServiceName: string;
    readonly Config?: Readonly<Record<string, unknown>> | null;
    readonly [field: string]: unknown;
  };
}

/** `/v1/agent/connect/ca/leaf/:service` */
export interface Leaf {
  readonly CertPEM: string;
  readonly PrivateKeyPEM: string;
  readonly ServiceURI: string;
  /** RFC 3339. */
  readonly ValidBefore: string;
}

/** `/v1/agent/connect/ca/roots` */
export interface Roots {
  readonly Roots: readonly { readonly RootCert: string }[];
}

/** An item of `/v1/connect/intentions/match` */
export interface MatchedIntention {
  readonly SourceName: string;
  readonly DestinationName: string;
  readonly Action?: string;
  readonly Permissions?: readonly object[] | null;
}

/** An item of `/v1/health/connect/:service` */
export interface ConnectInstance {
  readonly Node: { readonly Node: string; readonly Address: string; readonly Locality?: object };
  readonly Service: object;
  readonly Checks: readonly object[] | null;
}

/** All of them, of one moment. */
export interface Answers {
  readonly proxy: ProxyService;
  readonly leaf: Leaf;
  readonly roots: Roots;
  /** By kind. */
  readonly entries: ReadonlyMap<string, readonly object[]>;
  readonly intentions: readonly MatchedIntention[];
  /** Whether a caller may call that no intention speaks of. */
  readonly defaultAllow: boolean;
  /** By `instanceKey`. */
  readonly instances: ReadonlyMap<string, readonly ConnectInstance[]>;
}

export const instanceKey = ({ service, datacenter }: { readonly service: string; readonly datacenter: string }): string =>
  `${datacenter}/${service}`;

/** What of `GET /v1/discovery-chain/:service` is drawn. */
export interface Chain {
  readonly ServiceName: string;
  readonly Protocol: string;
  readonly Default?: boolean;
  readonly StartNode: string;
  readonly Nodes: Readonly<Record<string, ChainNode>>;
  readonly Targets: Readonly<Record<string, ChainTarget>>;
}

export interface ChainNode {
  readonly Type: 'router' | 'splitter' | 'resolver';
  readonly Name: string;
  readonly Routes?: readonly { readonly Definition?: RouteDefinition; readonly NextNode: string }[];
  readonly Splits?: readonly { readonly Weight: number; readonly NextNode: string }[];
  readonly Resolver?: {
    readonly Target: string;
    readonly ConnectTimeout?: string;
    readonly Default?: boolean;
    readonly Failover?: { readonly Targets?: readonly string[] };
  };
}

export interface RouteDefinition {
  readonly Match?: { readonly HTTP?: HttpMatch };
  readonly Destination?: { readonly PrefixRewrite?: string; readonly RequestTimeout?: string; readonly NumRetries?: number };
}

export interface HttpMatch {
  readonly PathExact?: string;
  readonly PathPrefix?: string;
  readonly PathRegex?: string;
  readonly Methods?: readonly string[];
  readonly Header?: readonly MatchOf[];
  readonly QueryParam?: readonly MatchOf[];
}

interface MatchOf {
  readonly Name: string;
  readonly Present?: boolean;
  readonly Exact?: string;
  readonly Prefix?: string;
  readonly Suffix?: string;
  readonly Contains?: string;
  readonly Regex?: string;
  readonly Invert?: boolean;
}

export interface ChainTarget {
  readonly ID: string;
  readonly Service: string;
  readonly ServiceSubset?: string;
  readonly Datacenter?: string;
  readonly Peer?: string;
  readonly Subset?: { readonly Filter?: string; readonly OnlyPassing?: boolean };
}

import type { Result } from '../../base/result.ts';
import { entry } from '../../catalog/queries.ts';
import type { Snapshot } from '../../catalog/snapshot.ts';
import type { ApiGateway } from '../../entries/gateways/api-gateway.ts';
import { compileChain } from '../chain.ts';
import type { Chain, GraphError } from '../chain-model.ts';
import { clusterName, clustersOf } from '../clusters.ts';
import type { Cluster, Route, RouteSplit } from '../proxy-config.ts';
import type { Gateway } from '../proxy-id.ts';
import { hashOf, splitsOf } from '../routes.ts';
import { type GatewayLimits, settingsOf } from './service-traffic.ts';

/** The discovery chain of a service that a route of an API gateway leads to. */
export function apiChain(s: Snapshot, dc: string, service: string, trustDomain: string): Result<Chain, GraphError> {
  return compileChain(s, { dc, service, trustDomain, withoutRouter: true });
}

/** Where a route leads for one of its services: its splitter and resolver hold, its router does not. */
export interface RouteTarget extends Pick<Route, 'hash'> {
  /** Weights add up to 100. */
  readonly splits: readonly RouteSplit[];
}

/** The services that routes of one API gateway lead to, with all their clusters. Lives for the length of one compilation. */
export class RouteTargets {
  readonly #snapshot: Snapshot;
  readonly #dc: string;
  readonly #gateway: Gateway;
  readonly #trustDomain: string;
  readonly #clusters = new Map<string, Cluster>();

  constructor(s: Snapshot, dc: string, gateway: Gateway, trustDomain: string) {
    this.#snapshot = s;
    this.#dc = dc;
    this.#gateway = gateway;
    this.#trustDomain = trustDomain;
  }

  get clusters(): Cluster[] {
    return [...this.#clusters.values()];
  }

  of({ Name, Limits }: { readonly Name: string; readonly Limits?: GatewayLimits | undefined }): Result<RouteTarget, GraphError> {
    const trustDomain = this.#trustDomain;
    const compiled = apiChain(this.#snapshot, this.#dc, Name, trustDomain);
    if (!compiled.ok) return compiled;
    const chain = compiled.value;
    const found = entry(this.#snapshot, this.#dc, 'api-gateway', this.#gateway.Service).value as ApiGateway | undefined;
    const from = `api-gateway ${this.#gateway.Service}`;
    const settings = settingsOf(this.#snapshot, this.#dc, this.#gateway, [found?.Defaults, Limits], from);
    for (const cluster of clustersOf(this.#snapshot, chain, trustDomain, settings)) this.#clusters.set(cluster.name, cluster);
    const start = chain.nodes[chain.startNode]!;
    return { ok: true, value: { splits: splitsOf(chain, start.id, (target) => clusterName(chain, target)), ...hashOf(start) } };
  }
}

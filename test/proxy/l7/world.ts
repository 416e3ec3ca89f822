import type { IncomingHttpHeaders, RequestListener } from 'node:http';
import { type IncomingMessage, type RequestOptions, request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Cluster, Endpoint, ProxyConfig, Route, RouteAction, RouteMatch, SocketAddress } from '../../../src/compile/proxy-config.ts';
import { createDataPlane, type DataPlane } from '../../../src/proxy/dataplane.ts';
import type { Limits } from '../../../src/proxy/limits.ts';
import { Authority } from '../fixture/certificates.ts';
import { LOOPBACK, memoryLog, realClock, WEB } from '../fixture/mesh.ts';
import { httpApp, type TestApp, tcpApp } from '../fixture/sockets.ts';

/** Uniform in [0, 1), the same sequence for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Instances of a cluster by name; `dead` is one that refuses every connection. */
export type ClusterPlan = { readonly of: readonly string[]; readonly weights?: Readonly<Record<string, number>> } & Partial<
  Pick<Cluster, 'failover' | 'requestTimeoutMs' | 'connectTimeoutMs'>
>;

export interface Plan {
  readonly routes: readonly Route[];
  readonly clusters: Readonly<Record<string, ClusterPlan>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export const to = (cluster: string, match: RouteMatch = {}, action?: RouteAction): Route => ({
  match,
  splits: [{ weight: 100, cluster }],
  ...(action && { action }),
});

const authority = new Authority();

/** web's sidecar, with routes to instances that have real applications behind real sidecars of their own. */
export class World {
  readonly log = memoryLog();
  readonly #client: DataPlane;
  readonly #server: DataPlane;
  readonly #apps = new Map<string, TestApp>();
  #index = 0;

  static async start(instances: Readonly<Record<string, RequestListener>>, plan: Plan, limits: Partial<Limits> = {}): Promise<World> {
    const world = new World(limits);
    for (const [name, listener] of Object.entries(instances)) world.#apps.set(name, await httpApp(listener));
    await world.#serve();
    await world.configure(plan);
    return world;
  }

  private constructor(limits: Partial<Limits>) {
    const options = { log: this.log, clock: realClock, limits, random: seeded(1) };
    this.#client = createDataPlane(options);
    this.#server = createDataPlane(options);
  }

  get at(): SocketAddress {
    return this.#client.addresses()[`${WEB}/outbound/payments`]!;
  }

  get stats() {
    const { listeners, clusters } = this.#client.stats();
    return { listener: listeners[`${WEB}/outbound/payments`]!, cluster: (name: string) => clusters[`${WEB}/${name}`]! };
  }

  /** Requests that reached an instance's sidecar, whatever became of them there. */
  served(instance: string): number {
    return this.#server.stats().listeners[`${proxyId(instance)}/inbound`]!.requests;
  }

  async configure({ routes, clusters }: Plan): Promise<void> {
    const made = Object.entries(clusters).map(([name, plan]): [string, Cluster] => [name, this.#cluster(name, plan)]);
    await this.#apply(this.#client, [
      {
        ...proxy(WEB, 'web', { address: LOOPBACK, port: 1 }, String(this.#index)),
        outbound: [{ name: 'payments', binds: [{ address: LOOPBACK, port: 0 }], protocol: 'http', routes }],
        clusters: Object.fromEntries(made),
      },
    ]);
  }

  probe() {
    return this.#client.probe(WEB);
  }

  /** What instances are there, as bytes: for an application that breaks off. */
  async replace(instance: string, onConnection: Parameters<typeof tcpApp>[0]): Promise<void> {
    await this.#apps.get(instance)!.close();
    this.#apps.set(instance, await tcpApp(onConnection));
    await this.#serve();
  }

  async call(path: string, options: RequestOptions = {}, body?: string | Buffer): Promise<Answer> {
    const { address: host, port } = this.at;
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request({ host, port, agent: false, path, ...options }, resolve)
        .on('error', reject)
        .end(body);
    });
    return { status: response.statusCode!, headers: response.headers, body: await text(response) };
  }

  async close(): Promise<void> {
    await Promise.all([this.#client.close(0), this.#server.close(0)]);
    await Promise.all(Array.from(this.#apps.values(), (app) => app.close()));
  }

  #serve(): Promise<void> {
    const proxies = Array.from(this.#apps, ([name, app]) => proxy(proxyId(name), 'payments', app.at, String(app.at.port)));
    return this.#apply(this.#server, proxies);
  }

  async #apply(plane: DataPlane, proxies: readonly ProxyConfig[]): Promise<void> {
    this.#index++;
    const first = Object.keys(plane.addresses()).length === 0;
    const secrets = first
      ? { leaves: [authority.leaf(proxies[0]?.service ?? 'payments')], roots: [authority.root.certPem] }
      : { leaves: [] };
    const nothing = { removedProxies: [], forwards: [], removedForwards: [] };
    await plane.apply({ type: 'update', index: this.#index, full: false, proxies, ...nothing, ...secrets });
  }

  #cluster(name: string, { of, weights = {}, connectTimeoutMs = 1_000, ...plan }: ClusterPlan): Cluster {
    return {
      name,
      service: 'payments',
      datacenter: 'dc1',
      sni: `${name}.default.dc1.internal.${authority.trustDomain}`,
      identities: [authority.identity('payments')],
      connectTimeoutMs,
      endpoints: of.map((instance) => this.#endpoint(instance, weights[instance])),
      ...plan,
    };
  }

  #endpoint(instance: string, weight = 1): Endpoint {
    const at = instance === 'dead' ? { address: LOOPBACK, port: 1 } : this.#server.addresses()[`${proxyId(instance)}/inbound`]!;
    return { id: `node/${instance}`, weight, ...at };
  }
}

const proxyId = (instance: string): string => `dc1/node/${instance}`;

function proxy(id: string, service: string, app: SocketAddress, hash: string): ProxyConfig {
  const bind = { address: LOOPBACK, port: 0 };
  const inbound = { bind, protocol: 'http', app, connectTimeoutMs: 1_000, intentions: [], defaultAction: 'allow' } as const;
  return { id, service, datacenter: 'dc1', identity: authority.identity(service), inbound, outbound: [], clusters: {}, hash };
}

import { type IncomingHttpHeaders, type IncomingMessage, type RequestListener, type RequestOptions, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { emptySnapshot, type Snapshot } from '../../../src/catalog/snapshot.ts';
import { transact } from '../../../src/catalog/transact.ts';
import type { CheckStatus, Op, ProxyUpstream, Service, ServiceProxy } from '../../../src/catalog/types.ts';
import { checkEntryChanges } from '../../../src/compile/check.ts';
import { buildProxyConfig } from '../../../src/compile/proxy.ts';
import type { Cluster, OutboundListener, ProxyConfig, SocketAddress, TappedRequest } from '../../../src/compile/proxy-config.ts';
import { createDataPlane, type DataPlane } from '../../../src/proxy/dataplane.ts';
import type { Limits } from '../../../src/proxy/limits.ts';
import type { Point } from '../../../src/proxy/metrics/metric-set.ts';
import type { ClusterStats, ListenerStats } from '../../../src/proxy/stats.ts';
import { check, node, put, register, service, sidecar, upstream } from '../../catalog/registrations.ts';
import { Authority } from '../fixture/certificates.ts';
import { http2App } from '../fixture/http2.ts';
import { LOOPBACK, memoryLog } from '../fixture/mesh.ts';
import { httpApp, type TestApp } from '../fixture/sockets.ts';
import { seeded } from './world.ts';

export interface Instance {
  readonly of: string;
  readonly app?: RequestListener | undefined;
  /** Instead: the application speaks HTTP/2. */
  readonly http2?: Parameters<typeof http2App>[0] | undefined;
  readonly meta?: Readonly<Record<string, string>>;
  /** Of the registration of its sidecar. */
  readonly proxy?: Partial<ServiceProxy>;
  readonly sidecar?: Partial<Service>;
  /** `dc1` by default. */
  readonly dc?: string;
}

export interface EntryWorldOptions {
  /** By node name. */
  readonly instances: Readonly<Record<string, Instance>>;
  /** Services that web calls. */
  readonly upstreams: readonly (string | ProxyUpstream)[];
  /** Of the registration of web's sidecar. */
  readonly caller?: Partial<Service>;
  readonly limits?: Partial<Limits>;
  /** `http` by default. */
  readonly protocol?: string;
  /** Uniform in [0, 1); the same sequence each time by default. */
  readonly random?: () => number;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export const authority = new Authority();
const OPTIONS = { trustDomain: authority.trustDomain, extraLoopback: false };
const WEB = 'dc1/web/web-sidecar-proxy';

/** From config entries to traffic: web and real applications behind real sidecars, all configured by what the catalog holds. */
export class EntryWorld {
  readonly log = memoryLog();
  readonly #instances: EntryWorldOptions['instances'];
  readonly #client: DataPlane;
  readonly #server: DataPlane;
  readonly #apps = new Map<string, Pick<TestApp, 'at' | 'close'>>();
  /** Where sidecars were that are gone, by endpoint id. */
  readonly #killed = new Map<string, SocketAddress>();
  #snapshot: Snapshot = emptySnapshot(['dc1', 'dc2']);
  #index = 0;
  readonly #served = new Map<string, ProxyConfig>();
  /** Milliseconds since the epoch: stands still unless a test lets time pass. */
  #now = Date.now();

  static async start(options: EntryWorldOptions): Promise<EntryWorld> {
    const world = new EntryWorld(options);
    for (const [name, { app, http2 }] of Object.entries(options.instances))
      world.#apps.set(name, await (http2 ? http2App(http2) : httpApp(app!)));
    world.#do(put('proxy-defaults', 'global', { Config: { protocol: options.protocol ?? 'http' } }));
    const upstreams = options.upstreams.map((one, i) => (typeof one === 'string' ? upstream(one, 9100 + i) : one));
    world.#do(register('web', [sidecar('web', upstreams, { Port: 0, ...options.caller })]));
    for (const [name, instance] of Object.entries(options.instances)) world.#do(world.#registration(name, instance));
    await world.#apply();
    return world;
  }

  private constructor({ instances, limits = {}, random = seeded(1) }: EntryWorldOptions) {
    this.#instances = instances;
    const clock = { now: () => this.#now, sleep: (ms: number) => sleep(ms) };
    const options = { log: this.log, clock, limits, random };
    this.#client = createDataPlane(options);
    this.#server = createDataPlane(options);
  }

  /** As `config write` does; in force when it resolves. */
  async write(kind: string, name: string, fields: object = {}): Promise<void> {
    this.#do(put(kind, name, fields));
    await this.#apply();
  }

  async remove(kind: string, name: string): Promise<void> {
    this.#do({ type: 'delete-entry', dc: 'dc1', kind, name });
    await this.#apply();
  }

  /** Any other change of the catalog; in force when it resolves. */
  async change(op: Op): Promise<void> {
    this.#do(op);
    await this.#apply();
  }

  /** Changes one after the other, which come into force together. */
  async changeAll(ops: readonly Op[]): Promise<void> {
    for (const op of ops) this.#do(op);
    await this.#apply();
  }

  /** What the sidecars are configured with. */
  get snapshot(): Snapshot {
    return this.#snapshot;
  }

  /** What a sidecar serves, with the ports that are there. */
  served(id: string): ProxyConfig | undefined {
    return this.#served.get(id);
  }

  /** Tells of requests that end, as both sides have seen them, until the returned function is called. */
  tap(listener: (requests: readonly TappedRequest[]) => void): () => void {
    const told = (requests: readonly TappedRequest[]): boolean => {
      listener(requests);
      return true;
    };
    const stops = [this.#client.tap({}, told), this.#server.tap({}, told)];
    return () => {
      for (const stop of stops) stop();
    };
  }

  /** What a health check of an instance's sidecar says. */
  health(instance: string, Status: CheckStatus): Promise<void> {
    const { of, dc = 'dc1' } = this.#instances[instance]!;
    const checks = [check('alive', { Node: instance, ServiceID: `${of}-sidecar-proxy`, Status })];
    return this.change({ type: 'register', dc, node: node(instance), services: [], checks });
  }

  /** The sidecar of an instance is gone, and the catalog doesn't know yet. `at`: what is there in its place. */
  async kill(instance: string, at: SocketAddress = this.listener(instance)): Promise<void> {
    await this.#update(this.#server, [], [this.#sidecarId(instance)]);
    this.#killed.set(`${instance}/${this.#instances[instance]!.of}-sidecar-proxy`, at);
    await this.#apply();
  }

  /** Lets time pass for whatever asks the clock. */
  pass(ms: number): void {
    this.#now += ms;
  }

  /** Where web finds an upstream. */
  at(upstreamName: string): SocketAddress {
    return this.#client.addresses()[`${WEB}/outbound/${upstreamName}`]!;
  }

  /** What the sidecar of an instance listens on, by listener: `inbound`. */
  listener(instance: string, name = 'inbound'): SocketAddress {
    return this.#server.addresses()[`${this.#sidecarId(instance)}/${name}`]!;
  }

  inbound(instance: string): Readonly<ListenerStats> {
    return this.#server.stats().listeners[`${this.#sidecarId(instance)}/inbound`]!;
  }

  outbound(upstreamName: string): Readonly<ListenerStats> {
    return this.#client.stats().listeners[`${WEB}/outbound/${upstreamName}`]!;
  }

  cluster(name: string): Readonly<ClusterStats> {
    return this.#client.stats().clusters[`${WEB}/${name}`]!;
  }

  /** What the sidecar of an instance has counted, of one metric. */
  metrics(instance: string, name: string): readonly Point[] {
    return this.#server.metrics(this.#sidecarId(instance)).find((metric) => metric.name === name)?.points ?? [];
  }

  /** A request of web's application, on a connection of its own. */
  call(upstreamName: string, path = '/', options: RequestOptions = {}, body?: string | Buffer): Promise<Answer> {
    return callAt(this.at(upstreamName), path, options, body);
  }

  async close(): Promise<void> {
    await Promise.all([this.#client.close(0), this.#server.close(0)]);
    await Promise.all(Array.from(this.#apps.values(), (app) => app.close()));
  }

  #do(op: Op): void {
    const { snapshot } = transact(this.#snapshot, op);
    if (op.type === 'put-entry' || op.type === 'delete-entry') {
      const errors = checkEntryChanges(this.#snapshot, snapshot, [op]);
      if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('; '));
    }
    this.#snapshot = snapshot;
  }

  #registration(name: string, { of, meta: Meta = {}, proxy = {}, sidecar: over = {}, dc = 'dc1' }: Instance): Op {
    const { address, port } = this.#apps.get(name)!.at;
    const made = sidecar(of, [], { Node: name, Port: 0, Meta, ...over });
    const its = { ...made.Proxy!, LocalServiceAddress: address, LocalServicePort: port, ...proxy };
    return { ...register(name, [service(of, { Node: name, Port: port, Meta }), { ...made, Proxy: its }]), dc } as Op;
  }

  #sidecarId(instance: string): string {
    const { of, dc = 'dc1' } = this.#instances[instance]!;
    return `${dc}/${instance}/${of}-sidecar-proxy`;
  }

  async #apply(): Promise<void> {
    const living = Object.entries(this.#instances).filter(([name, { of }]) => !this.#killed.has(`${name}/${of}-sidecar-proxy`));
    const servers = living.map(([name]) => withFreePorts(this.#build(this.#sidecarId(name))));
    await this.#update(this.#server, servers);
    await this.#update(this.#client, [this.#withRealPorts(this.#build(WEB))]);
  }

  async #update(plane: DataPlane, proxies: readonly ProxyConfig[], removedProxies: string[] = []): Promise<void> {
    this.#index++;
    for (const proxy of proxies) this.#served.set(proxy.id, proxy);
    const first = this.#index <= 2;
    const owners = new Map(proxies.map((proxy) => [proxy.identity, proxy]));
    const leaves = Array.from(owners.values(), ({ service, datacenter: dc }) => authority.leaf(service, { dc }));
    const secrets = first ? { leaves, roots: [authority.root.certPem] } : { leaves: [] };
    const nothing = { removedProxies, forwards: [], removedForwards: [] };
    await plane.apply({ type: 'update', index: this.#index, full: false, proxies, ...nothing, ...secrets });
  }

  #build(id: string): ProxyConfig {
    const built = buildProxyConfig(this.#snapshot, id, OPTIONS);
    if (!built.ok) throw new Error(built.error.map(({ summary }) => summary).join('; '));
    return built.value;
  }

  /** All listeners take a port that is free; the catalog doesn't know which. */
  #withRealPorts(config: ProxyConfig): ProxyConfig {
    const clusters = Object.entries(config.clusters).map(([name, cluster]): [string, Cluster] => {
      return [
        name,
        {
          ...cluster,
          endpoints: cluster.endpoints.map((endpoint) => ({
            ...endpoint,
            ...(this.#killed.get(endpoint.id) ?? this.#server.addresses()[`${cluster.datacenter}/${endpoint.id}/inbound`]!),
          })),
        },
      ];
    });
    const outbound = config.outbound.map((listener): OutboundListener => ({ ...listener, binds: [{ address: LOOPBACK, port: 0 }] }));
    return { ...config, outbound, clusters: Object.fromEntries(clusters), hash: `${config.hash} ${this.#index}` };
  }
}

/** What is exposed takes a port that is free; its name keeps the one that was asked for. */
function withFreePorts(config: ProxyConfig): ProxyConfig {
  const { inbound } = config;
  if (!inbound?.exposed) return config;
  const exposed = inbound.exposed.map((path) => ({ ...path, bind: { ...path.bind, port: 0 } }));
  return { ...config, inbound: { ...inbound, exposed } };
}

/** A request on a connection of its own. */
export async function callAt(
  { address: host, port }: SocketAddress,
  path = '/',
  options: RequestOptions = {},
  body?: string | Buffer,
): Promise<Answer> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request({ host, port, agent: false, path, ...options }, resolve)
      .on('error', reject)
      .end(body);
  });
  return { status: response.statusCode!, headers: response.headers, body: await text(response) };
}

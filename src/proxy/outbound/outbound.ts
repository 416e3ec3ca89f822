import type { Socket } from 'node:net';
import { messageOf } from '../../base/errors.ts';
import type { OutboundListener, ProbeOutcome, VirtualHost } from '../../compile/proxy-config.ts';
import { RequestView } from '../../matching/request-view.ts';
import { drawSticky, type StickyDraw } from '../../matching/sticky.ts';
import { type HostTable, hostTable, ofHost } from '../../matching/virtual-hosts.ts';
import type { Drainable } from '../drains.ts';
import type { Environment } from '../environment.ts';
import { drawPercent } from '../filters/filter.ts';
import { filledEdits, unsent } from '../http/filled-edits.ts';
import { OpenConnections } from '../http/open-connections.ts';
import { type Refusal, refusalFor } from '../http/respond.ts';
import type { Caller, HttpPlan, HttpService, HttpTarget } from '../http/service.ts';
import type { RequestHead } from '../http1/request.ts';
import { serveHttp } from '../http2/accept.ts';
import { Tokens } from '../jwt/tokens.ts';
import { entryOf } from '../observe/access-log/entry.ts';
import type { Observer } from '../observe/observer.ts';
import { refuseConnection } from '../observe/refuse-connection.ts';
import type { Traffic } from '../observe/traffic.ts';
import { watchedPipe } from '../observe/watched-pipe.ts';
import { SaidOnce } from '../said-once.ts';
import { abort } from '../socket/closing.ts';
import { OpenSockets } from '../socket/open-sockets.ts';
import { newListenerStats } from '../stats.ts';
import { ServerTls } from '../tls/serve.ts';
import type { UpstreamCluster } from './cluster.ts';
import { type Upstream, upstreamOf } from './failover.ts';
import { hashRequest, type RequestHash, withCookie } from './hash-policy.ts';
import { probeUpstream } from './probe.ts';
import { drawSplit, findRoute, type ReadyMirror, type ReadyRoute, type RouteContext, readyRoutes } from './route.ts';
import { planWithTokens } from './route-tokens.ts';

/** One upstream of a sidecar: what the application connects to. */
export class Outbound implements Drainable {
  readonly stats = newListenerStats();
  readonly observer: Observer;
  readonly #sockets = new OpenSockets(this.stats);
  readonly #name: string;
  readonly #env: Environment;
  readonly #clusters: ReadonlyMap<string, UpstreamCluster>;
  #config: OutboundListener;
  #routes: readonly ReadyRoute[] = [];
  #hosts: HostTable<readonly ReadyRoute[]> | undefined;
  /** What the routes lead to, by cluster name. */
  readonly #upstreams = new Map<string, Upstream>();
  readonly #problems: SaidOnce;
  readonly #tokens: Tokens;
  #http: HttpService | undefined;
  #tls: ServerTls | undefined;
  readonly #connections = new OpenConnections();

  /** `clusters` is the sidecar's, always current. */
  constructor(
    env: Environment,
    name: string,
    clusters: ReadonlyMap<string, UpstreamCluster>,
    config: OutboundListener,
    observer: Observer,
  ) {
    this.#env = env;
    this.observer = observer;
    this.#name = name;
    this.#clusters = clusters;
    this.#config = config;
    this.#problems = new SaidOnce(env.log, name, 'part of a route ignored');
    this.#tokens = new Tokens(env);
    this.#readyRoutes();
    this.#http = this.#httpService();
    this.#readyTls();
  }

  /** After a change of protocol, or of what a head may hold, each HTTP connection closes with its next answer, so that no request is lost; open byte pipes go on as such. */
  update(config: OutboundListener): void {
    const { protocol, maxHeadBytes } = this.#config;
    this.#config = config;
    this.#readyRoutes();
    if (protocol !== config.protocol) this.#tls = undefined;
    if (protocol !== config.protocol || maxHeadBytes !== config.maxHeadBytes) this.#http = this.#httpService();
    this.#readyTls();
  }

  accept(socket: Socket): void {
    this.#sockets.add(socket);
    this.observer.opened(socket);
    if (this.#tls) this.#tls.accept(socket);
    else this.#open(socket);
  }

  #open(socket: Socket): void {
    if (!this.#http) {
      void this.#pipe(socket);
      return;
    }
    this.#connections.add(socket, serveHttp(socket, this.#http));
  }

  /** Good when anything that its routes lead to answers: a service that is yet to come doesn't make the ones that are here unready. */
  async probe(timeoutMs: number): Promise<ProbeOutcome> {
    const outcomes = await Promise.all(Array.from(this.#upstreams.values(), (upstream) => probeUpstream(upstream, timeoutMs)));
    const best = (['ok', 'denied', 'failed'] as const).map((state) => outcomes.find((outcome) => outcome.state === state));
    const found = best.find((outcome) => outcome !== undefined);
    if (!found) return { state: 'failed', reason: `the routes of ${this.#config.name} have no cluster` };
    if (found.state === 'failed' || outcomes.length === 1) return found;
    return { ...found, handshakes: outcomes.flatMap((outcome) => ('seen' in outcome && outcome.seen) || []) };
  }

  drain(deadlineMs: number): Promise<void> {
    this.#http = undefined;
    this.#connections.drain();
    return this.#sockets.drained(deadlineMs, () => this.#connections.cut());
  }

  #readyTls(): void {
    const { tls, protocol } = this.#config;
    if (!tls) this.#tls = undefined;
    else if (this.#tls) this.#tls.update(tls);
    else {
      this.#tls = new ServerTls(this.#env, this.#name, protocol, tls, {
        connection: (socket) => this.#open(socket),
        refused: (reason, refused) => {
          refuseConnection({ env: this.#env, name: this.#name, stats: this.stats, observer: this.observer }, refused, { reason });
        },
      });
    }
  }

  #httpService(): HttpService | undefined {
    if (this.#config.protocol === 'tcp') return undefined;
    const { log } = this.#env;
    const { maxHeadBytes: headBytes } = this.#config;
    const limits = headBytes === undefined ? this.#env.limits : { ...this.#env.limits, headBytes };
    const service: HttpService = {
      name: this.#name,
      log,
      limits,
      stats: this.stats,
      open: () => this.#http === service,
      plan: (head, caller) => this.observer.extend(head, this.#plan(head, caller)),
      ended: (exchange) => this.observer.ended(exchange, exchange.plan?.traffic),
    };
    return service;
  }

  /** Requests under way keep what they were planned with. What is wrong with the routes is said once, not with each change of an endpoint. */
  #readyRoutes(): void {
    const { virtualHosts, jwtProviders } = this.#config;
    this.#tokens.update(jwtProviders);
    const problems = new Set<string>();
    this.#upstreams.clear();
    const groups = new Set<Traffic>();
    const context: RouteContext = {
      upstream: (cluster) => this.#upstream(cluster),
      mirror: (cluster) => upstreamOf(cluster, this.#clusters),
      random: this.#env.random,
      ignored: (reason) => problems.add(reason),
      describe: (exchange) => ({ ...entryOf(exchange, performance.now() - exchange.startedAt, this.observer, undefined), verbatim: true }),
      traffic: (route, cluster) => {
        const group = this.observer.group({ name: route, cluster });
        groups.add(group);
        return group;
      },
    };
    this.#routes = readyRoutes(this.#config, context);
    this.#hosts = virtualHosts && hostTable(virtualHosts.map((host) => ({ domains: host.domains, value: this.#routesOf(host, context) })));
    this.observer.retain(groups);
    this.#problems.say(problems);
  }

  #routesOf({ domains, routes }: VirtualHost, context: RouteContext): readonly ReadyRoute[] {
    return readyRoutes({ name: `${this.#config.name} (${domains.join(', ')})`, routes }, context);
  }

  #upstream(cluster: string): Upstream | undefined {
    const upstream = this.#upstreams.get(cluster) ?? upstreamOf(cluster, this.#clusters);
    if (upstream) this.#upstreams.set(cluster, upstream);
    return upstream;
  }

  #plan(head: RequestHead, caller: Caller): HttpPlan | Refusal | Promise<HttpPlan | Refusal> {
    const routes = this.#hosts ? ofHost(this.#hosts, head.host) : this.#routes;
    if (!routes)
      return { status: 404, reason: `no service of ${this.#config.name} has the host ${JSON.stringify(head.host ?? '')}`, flag: 'NR' };
    const [first] = routes;
    // Most listeners have one route without conditions; their requests aren't looked at.
    const asks = this.#config.jwtProviders !== undefined;
    if (first && !first.test && !first.rewrite && !first.hash && !first.sticky && !asks && !first.tokens)
      return this.#follow(first, head, caller);
    const view = new RequestView(head);
    const route = findRoute(routes, view);
    if (!route) return { status: 404, reason: `no route of ${this.#config.name} matches ${head.method} ${head.path}`, flag: 'NR' };
    const hash = route.hash && hashRequest(route.hash, view, caller, this.#env.random);
    const sticky = route.sticky && drawSticky(route.sticky, view, this.#env.random);
    const follow = (): HttpPlan | Refusal => this.#follow(route, head, caller, route.rewrite?.(view), hash, sticky);
    return asks || route.tokens ? planWithTokens(this.#tokens, route.tokens, view, this.#config.name, follow) : follow();
  }

  #follow(
    route: ReadyRoute,
    head: RequestHead,
    caller: Caller,
    requestTarget?: string,
    hash?: RequestHash,
    sticky?: StickyDraw,
  ): HttpPlan | Refusal {
    const split = drawSplit(route, sticky ? () => sticky.drawn : this.#env.random);
    if (!split?.upstream) return { status: 503, reason: this.#withoutCluster(route), flag: 'NR' };
    const { upstream, edits, traffic } = split;
    let { rules } = split;
    if (hash?.cookie !== undefined) rules = withCookie(rules, hash.cookie);
    if (sticky?.cookie !== undefined) rules = withCookie(rules, sticky.cookie);
    return {
      target: upstream.target(hash?.value),
      edits: edits.formats ? filledEdits(edits, unsent(head, caller)) : edits,
      rules,
      requestTarget,
      traffic,
      mirror: route.mirror && this.#copyTo(route.mirror),
    };
  }

  #copyTo({ upstream, percent }: ReadyMirror): HttpTarget | undefined {
    return drawPercent(percent, this.#env.random) ? upstream.target() : undefined;
  }

  #withoutCluster(route: ReadyRoute): string {
    return route.problem ?? `the route of ${this.#config.name} has no cluster`;
  }

  async #pipe(socket: Socket): Promise<void> {
    // A byte stream shows nothing to match: its listener has one route.
    const startedAt = performance.now();
    const route = this.#routes.at(-1);
    const { upstream, traffic } = (route && drawSplit(route, this.#env.random)) ?? {};
    if (traffic) traffic.connections.total++;
    try {
      if (!upstream) throw new Error(route ? this.#withoutCluster(route) : `${this.#config.name} has no route`);
      const up = await upstream.dial();
      watchedPipe(socket, up, { counters: this.stats, observer: this.observer, traffic, startedAt });
    } catch (error) {
      this.stats.failedConnections++;
      if (traffic) traffic.connections.failed++;
      const { flag = 'NR' } = refusalFor(error, this.#config.name);
      this.observer.connectionRefused(socket, startedAt, { reason: messageOf(error), flag });
      this.#env.log.log('warn', 'connection failed', { listener: this.#name, reason: messageOf(error) });
      abort(socket);
    }
  }
}

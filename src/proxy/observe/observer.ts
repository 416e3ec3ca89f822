import type { Socket } from 'node:net';
import type { Refusal } from '../http/respond.ts';
import type { EndedExchange, HttpPlan } from '../http/service.ts';
import type { RequestHead } from '../http1/request.ts';
import type { Peer } from '../tls/peer.ts';
import type { ConnectionRefusal, EndedConnection } from './access-log/access-log.ts';
import { refusedConnection, refusedRequest } from './denied.ts';
import { Histogram } from './histogram.ts';
import type { ProxyWatch } from './proxy-watch.ts';
import { Tally } from './tally.ts';
import { tappedConnection, tappedRequest } from './tapped.ts';
import { traceFields, withRequestId } from './trace/tracer.ts';
import { Traffic, type TrafficKey } from './traffic.ts';

/** What one listener has seen, beyond the plain numbers of its ListenerStats, and who is told of it. Lives as long as the listener. */
export class Observer {
  readonly proxy: ProxyWatch;
  readonly direction: 'inbound' | 'outbound';
  /** The service behind an inbound listener, or the name of the upstream. */
  readonly destination: string;
  readonly times = new Histogram();
  /** Refused requests by what kind of refusal it was: Envoy's response flag, or `-`. */
  readonly refusals = new Tally();
  /** Refused requests, and connections whose requests aren't seen, by the rule that decided, where one did. */
  readonly denials = new Tally();
  /** Those of them that are connections. */
  deniedConnections = 0;
  readonly #groups = new Map<string, Traffic>();

  constructor(proxy: ProxyWatch, direction: Observer['direction'], destination: string) {
    this.proxy = proxy;
    this.direction = direction;
    this.destination = destination;
  }

  /** The counters of a source, or of a split of a route: the same object for what is the same. */
  group(of: TrafficKey): Traffic {
    const key = groupKey(of);
    let group = this.#groups.get(key);
    if (!group) {
      group = new Traffic(of);
      this.#groups.set(key, group);
    }
    return group;
  }

  /** Forgets the others: a split that is gone, and comes again, begins at 0. */
  retain(groups: ReadonlySet<Traffic>): void {
    for (const [key, group] of this.#groups) if (!groups.has(group)) this.#groups.delete(key);
  }

  get groups(): Iterable<Traffic> {
    return this.#groups.values();
  }

  /** Adds to a plan what tells the next one of the request's trace and id, where somebody wants to know. */
  extend<P extends HttpPlan | Refusal | Promise<HttpPlan | Refusal>>(
    head: RequestHead,
    planned: P,
  ): P | HttpPlan | Promise<HttpPlan | Refusal> {
    const { accessLog, tracer } = this.proxy;
    if (!accessLog && !tracer) return planned;
    if (planned instanceof Promise) return planned.then((late) => this.extend(head, late));
    if ('status' in planned) return planned;
    const fields = traceFields(head);
    const plan = withRequestId(planned, fields);
    return tracer ? tracer.extend(plan, fields) : plan;
  }

  /** On the hot path. */
  ended(exchange: EndedExchange, group: Traffic | undefined, peer?: Peer): void {
    const ms = performance.now() - exchange.startedAt;
    this.times.observe(ms);
    group?.record(exchange, ms);
    exchange.reached?.stats.traffic.record(exchange, ms);
    if (exchange.refusal) this.#refused(exchange.refusal, exchange, peer);
    const { accessLog, tracer, taps } = this.proxy;
    accessLog?.request(exchange, ms, this, peer);
    tracer?.ended(exchange, ms, this, peer);
    if (taps.open) taps.take(tappedRequest(exchange, ms, this, group));
  }

  /** A client has connected. */
  opened(socket: Socket): void {
    // Node tells addresses of a closed socket only when it was asked for them before.
    if (this.proxy.accessLog) void [socket.remoteAddress, socket.localAddress];
  }

  /** A connection that passed as bytes is over, or was refused. */
  connectionEnded(connection: EndedConnection): void {
    const { accessLog, taps } = this.proxy;
    accessLog?.connection(connection, this);
    if (taps.open) taps.take(tappedConnection(connection, this));
  }

  /** `startedAt`: `performance.now()` when it was accepted. */
  connectionRefused(socket: Socket, startedAt: number, refused: ConnectionRefusal, peer?: Peer): void {
    if (refused.rule !== undefined) {
      this.denials.add(refused.rule);
      this.deniedConnections++;
    }
    this.connectionDenied(refused, peer);
    this.connectionEnded({ socket, peer, startedAt, bytesUp: 0, bytesDown: 0, refused });
  }

  /** A rule has refused a connection, or ended one that an earlier rule had let through. */
  connectionDenied({ reason, denial }: ConnectionRefusal, peer: Peer | undefined): void {
    if (denial) this.proxy.denials.take(refusedConnection(this, denial, reason, peer));
  }

  #refused({ flag, rule, reason, denial }: Refusal, exchange: EndedExchange, peer: Peer | undefined): void {
    this.refusals.add(flag ?? '-');
    if (rule !== undefined) this.denials.add(rule);
    if (denial) this.proxy.denials.take(refusedRequest(this, denial, reason, exchange, peer));
  }
}

function groupKey({ name, cluster, datacenter, service }: TrafficKey): string {
  return [name, cluster, datacenter, service].join('\t');
}

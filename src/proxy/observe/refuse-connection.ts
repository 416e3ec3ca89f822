import type { Socket } from 'node:net';
import type { Environment } from '../environment.ts';
import type { ListenerStats } from '../stats.ts';
import type { Peer } from '../tls/peer.ts';
import type { ConnectionRefusal } from './access-log/access-log.ts';
import type { Observer } from './observer.ts';

/** The listener that a connection came to. */
export interface RefusingListener {
  readonly env: Environment;
  /** For logs: `web/inbound`. */
  readonly name: string;
  readonly stats: ListenerStats;
  readonly observer: Observer;
}

/** Counts a connection as refused, and tells whoever looks why. Closing it is left to who refuses it. */
export function refuseConnection(
  { env, name, stats, observer }: RefusingListener,
  socket: Socket,
  refused: ConnectionRefusal,
  peer?: Peer,
): void {
  stats.refusedConnections++;
  observer.connectionRefused(socket, performance.now(), refused, peer);
  env.log.log('warn', 'connection refused', { listener: name, reason: refused.reason });
}

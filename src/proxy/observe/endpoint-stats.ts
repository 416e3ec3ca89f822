import type { Socket } from 'node:net';
import { Traffic } from './traffic.ts';

/** Where an upstream connection leads, for whoever counts or logs its requests. */
export interface Reached {
  /** Name of the cluster; `local_app` is the application behind a sidecar, as Consul names it. */
  readonly cluster: string;
  readonly stats: EndpointStats;
  readonly socket: Socket;
}

const REACHED = new WeakMap<Socket, Reached>();

/** Undefined for a connection of which nobody keeps count. */
export function reachedBy(socket: Socket): Reached | undefined {
  return REACHED.get(socket);
}

/** What became of one endpoint of a cluster: its connections, and the requests that it was the last to get. */
export class EndpointStats {
  /** `10.5.0.110:21000` */
  readonly address: string;
  readonly traffic = new Traffic();
  connects = 0;
  activeConnections = 0;
  connectFailures = 0;
  /** TLS sessions that were taken up again, which costs a tenth of a full handshake. */
  resumed = 0;
  /** Connecting, TLS included. */
  connectMs = 0;

  constructor(address: string) {
    this.address = address;
  }

  /** `startedAt`: `performance.now()` when it was dialled. */
  connected(socket: Socket, cluster: string, startedAt: number, resumed: boolean): void {
    REACHED.set(socket, { cluster, stats: this, socket });
    this.connects++;
    this.activeConnections++;
    this.connectMs += performance.now() - startedAt;
    if (resumed) this.resumed++;
    socket.once('close', () => {
      this.activeConnections--;
    });
  }
}

import { type ClientHttp2Session, connect } from 'node:http2';
import type { Socket } from 'node:net';
import { type Reached, reachedBy } from '../observe/endpoint-stats.ts';
import { ClientStream } from './client-stream.ts';
import { sessionOptions } from './settings.ts';

/** One HTTP/2 connection to an upstream, which exchanges share. */
export class ClientSession {
  readonly session: ClientHttp2Session;
  /** Of what is asked for. */
  readonly scheme: 'http' | 'https';
  readonly maxHeadBytes: number;
  /** A response has come on it, so the peer may have been about to close it since. */
  proven = false;
  readonly reached: Reached | undefined;
  /** It has begun as HTTP/2 does. */
  spoken = false;
  /** Why the connection is gone. */
  broken: Error | undefined;
  #streams = 0;
  #retired = false;
  onClosed: () => void = () => undefined;
  /** Its last exchange has ended; it can take others. */
  onIdle: () => void = () => undefined;

  /** Closes after `idleMs` without a stream. */
  constructor(socket: Socket, maxHeadBytes: number, idleMs: number, scheme: 'http' | 'https') {
    this.scheme = scheme;
    this.reached = reachedBy(socket);
    this.maxHeadBytes = maxHeadBytes;
    // A peer that ends its side has left: there is no half-close in HTTP/2.
    socket.allowHalfOpen = false;
    // The authority is that of each request.
    this.session = connect('http://upstream.invalid', { ...sessionOptions(maxHeadBytes), createConnection: () => socket });
    this.session.on('error', (error) => {
      this.broken = error;
    });
    this.session.on('remoteSettings', () => {
      this.spoken = true;
    });
    this.session.on('close', () => this.onClosed());
    this.session.setTimeout(idleMs, () => {
      if (this.#streams === 0) this.session.close();
    });
  }

  /** It can take one more exchange. */
  get usable(): boolean {
    const { closed, destroyed, remoteSettings } = this.session;
    return !this.#retired && !closed && !destroyed && this.#streams < (remoteSettings.maxConcurrentStreams ?? Number.POSITIVE_INFINITY);
  }

  /** Room for one exchange, which has to begin or release it. */
  open(): ClientStream {
    this.#streams++;
    return new ClientStream(this);
  }

  ended(): void {
    this.#streams--;
    if (this.#streams > 0) return;
    if (this.#retired) this.session.close();
    else this.onIdle();
  }

  get idle(): boolean {
    return this.#streams === 0 && !this.#retired;
  }

  /** Takes no further exchange, and closes after those that it has. */
  retire(): void {
    this.#retired = true;
    if (this.#streams === 0) this.session.close();
  }
}

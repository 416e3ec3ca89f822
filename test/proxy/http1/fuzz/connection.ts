import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { ServerConnection } from '../../../../src/proxy/http/server-connection.ts';
import type { HttpService } from '../../../../src/proxy/http/service.ts';
import type { UpstreamSide } from '../../../../src/proxy/http/sides.ts';
import { NO_FIELDS } from '../../../../src/proxy/http1/fields.ts';
import type { ResponseHead } from '../../../../src/proxy/http1/response.ts';
import { DEFAULT_LIMITS } from '../../../../src/proxy/limits.ts';
import { newListenerStats } from '../../../../src/proxy/stats.ts';
import type { Reading, ReadRequest } from './reading.ts';

const OK: ResponseHead = {
  status: 200,
  phrase: 'OK',
  minor: 1,
  fields: NO_FIELDS,
  framing: { kind: 'length', length: 0 },
  keepAlive: true,
};

/** A connection whose pieces arrive exactly as they are given. */
class MemorySocket extends Duplex {
  written = '';

  constructor() {
    super({ allowHalfOpen: true });
  }

  override _read(): void {}

  override _write(data: Buffer, _encoding: string, done: () => void): void {
    this.written += data.toString('latin1');
    done();
  }

  setTimeout(): this {
    return this;
  }

  destroySoon(): void {
    if (this.writable) this.end();
    if (this.writableFinished) this.destroy();
    else this.once('finish', () => this.destroy());
  }

  resetAndDestroy(): void {
    this.destroy();
  }
}

/** What a sidecar's connection makes of the bytes: each request is answered with 200 as soon as all of it is there. */
export async function readWithConnection(pieces: readonly Buffer[]): Promise<Reading> {
  const socket = new MemorySocket();
  const requests: ReadRequest[] = [];
  const service: HttpService = {
    name: 'fuzz',
    log: { log: () => undefined },
    limits: DEFAULT_LIMITS,
    stats: newListenerStats(),
    halfClose: true,
    open: () => true,
    plan: () => ({
      target: { name: 'recorder', take: () => recorder(requests), dial: () => Promise.reject(new Error('there is nothing to dial')) },
      edits: { defaultHost: 'localhost', remove: new Set(), add: [] },
    }),
  };
  new ServerConnection(socket as unknown as Socket, service);
  for (const piece of pieces) {
    if (socket.destroyed) break;
    socket.push(Buffer.from(piece));
    await new Promise((resolve) => setImmediate(resolve));
  }
  socket.push(null);
  for (let turns = 0; turns < 5 && !socket.destroyed; turns++) await new Promise((resolve) => setImmediate(resolve));
  socket.destroy();
  const refused = /HTTP\/1\.1 [45]\d\d [^\r]*\r\n(?:[^\r]+\r\n)*?x-mesh-reason: ([^\r]*)/.exec(socket.written);
  return { requests, ...(refused ? { fault: refused[1]! } : {}), closed: /\r\nConnection: close\r\n/.test(socket.written) };
}

function recorder(requests: ReadRequest[]): UpstreamSide {
  let body = '';
  let end: () => void = () => undefined;
  const nothing = (): void => undefined;
  return {
    reused: false,
    mayRefuse: false,
    begin: (listener, { method, target }, _plan, data, trailers) => {
      body += Buffer.concat(data).toString('latin1');
      end = () => {
        requests.push({ method, target, body });
        queueMicrotask(() => {
          listener.head(OK);
          listener.end(NO_FIELDS);
        });
      };
      if (trailers) end();
      return true;
    },
    data: (data) => {
      body += data.toString('latin1');
      return true;
    },
    end: () => end(),
    pause: nothing,
    resume: nothing,
    finish: nothing,
    destroy: nothing,
    release: nothing,
  };
}

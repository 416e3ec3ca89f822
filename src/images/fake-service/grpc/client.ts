import http2, { type ClientHttp2Session, type IncomingHttpHeaders, type IncomingHttpStatusHeader } from 'node:http2';
import { messageOf, systemCode } from '../../../base/errors.ts';
import { decodeGrpcMessage, grpcCodeOfHttpStatus } from '../../../base/grpc.ts';
import { hostPort } from '../../../base/host-port.ts';
import type { Clock } from '../../../base/ports.ts';
import { causeOf } from '../go-http.ts';
import { frame, messagesOf } from './framing.ts';
import { GrpcError } from './status.ts';

export interface GrpcTarget {
  readonly host: string;
  readonly port: number;
  /** What the server is told it is called. */
  readonly authority: string;
}

export interface GrpcAnswer {
  /** Headers and trailers, without those of gRPC itself. */
  readonly headers: Readonly<Record<string, string>>;
  /** The first message, or why there is none. */
  readonly result: Buffer | GrpcError;
}

/** Calls unary methods in plain text, over one connection for each target, made anew when it is gone. */
export class GrpcClient {
  #timeoutMs: number;
  #clock: Clock;
  #sessions = new Map<string, Promise<ClientHttp2Session>>();

  /** @param timeoutMs of a whole call; 0: none. */
  constructor(timeoutMs: number, clock: Clock) {
    this.#timeoutMs = timeoutMs;
    this.#clock = clock;
  }

  /** Never rejects. */
  async call(target: GrpcTarget, path: string, message: Buffer, metadata: Readonly<Record<string, string>>): Promise<GrpcAnswer> {
    const done = new AbortController();
    const expired = new Promise<GrpcAnswer>((resolve) => {
      if (this.#timeoutMs === 0) return;
      this.#clock.sleep(this.#timeoutMs, done.signal).then(
        () => resolve({ headers: {}, result: new GrpcError('DeadlineExceeded', 'context deadline exceeded') }),
        () => undefined,
      );
    });
    try {
      return await Promise.race([expired, this.#attempt(target, path, message, metadata, done.signal)]);
    } finally {
      done.abort();
    }
  }

  close(): void {
    for (const session of this.#sessions.values()) {
      session.then(
        (open) => open.destroy(),
        () => undefined,
      );
    }
    this.#sessions.clear();
  }

  async #attempt(
    target: GrpcTarget,
    path: string,
    message: Buffer,
    metadata: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<GrpcAnswer> {
    const address = `${target.host}:${target.port}`;
    const reused = this.#sessions.has(address);
    try {
      const session = await this.#sessionTo(target, address);
      const headers = {
        ':method': 'POST',
        ':path': path,
        ':authority': target.authority,
        'content-type': 'application/grpc',
        te: 'trailers',
        'user-agent': 'grpc-mesh-fake-service',
        ...(this.#timeoutMs > 0 ? { 'grpc-timeout': grpcTimeout(this.#timeoutMs) } : {}),
        ...metadata,
      };
      return await exchange(session, headers, message, signal);
    } catch (error) {
      // The other side may close a connection just as we use it, and has then not seen the call: it is made again, on a new one.
      if (reused && !signal.aborted && systemCode(error)?.startsWith('ERR_HTTP2_')) {
        this.#sessions.delete(address);
        return this.#attempt(target, path, message, metadata, signal);
      }
      return { headers: {}, result: asGrpcError(error) };
    }
  }

  #sessionTo(target: GrpcTarget, address: string): Promise<ClientHttp2Session> {
    const known = this.#sessions.get(address);
    if (known) return known;
    const forget = () => {
      if (this.#sessions.get(address) === opening) this.#sessions.delete(address);
    };
    const opening = connect(target, forget);
    this.#sessions.set(address, opening);
    opening.catch(forget);
    return opening;
  }
}

function connect({ host, port, authority }: GrpcTarget, onClosing: () => void): Promise<ClientHttp2Session> {
  return new Promise((resolve, reject) => {
    const session = http2.connect(`http://${hostPort(host, port)}`);
    session.on('connect', () => resolve(session));
    session.on('goaway', onClosing);
    session.on('close', onClosing);
    session.on('error', (error) => {
      const [shownHost = host, shownPort = String(port)] = authority.split(/:(?=\d+$)/);
      const cause = `transport: Error while dialing ${causeOf(shownHost, shownPort, error)}`;
      reject(new GrpcError('Unavailable', `connection error: desc = ${JSON.stringify(cause)}`));
    });
  });
}

function exchange(
  session: ClientHttp2Session,
  headers: http2.OutgoingHttpHeaders,
  message: Buffer,
  signal: AbortSignal,
): Promise<GrpcAnswer> {
  return new Promise((resolve, reject) => {
    const stream = session.request(headers, { signal });
    let received: IncomingHttpHeaders & IncomingHttpStatusHeader = {};
    stream.on('response', (response) => {
      received = response;
    });
    stream.on('trailers', (trailers) => {
      received = { ...received, ...trailers };
    });
    stream.on('error', (error) => (received[':status'] === undefined ? reject(error) : resolve(answerOf(received, error))));
    firstMessage(stream).then(
      (first) => resolve(answerOf(received, first)),
      (error: unknown) => (received[':status'] === undefined ? reject(error) : resolve(answerOf(received, error))),
    );
    stream.end(frame(message));
  });
}

async function firstMessage(stream: AsyncIterable<Buffer>): Promise<Buffer | undefined> {
  let first: Buffer | undefined;
  for await (const message of messagesOf(stream)) first ??= message;
  return first;
}

function answerOf(received: IncomingHttpHeaders & IncomingHttpStatusHeader, got: unknown): GrpcAnswer {
  const kept = Object.entries(received).filter(([name]) => !/^(:|grpc-)/.test(name));
  const headers = Object.fromEntries(kept.map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : String(value)]));
  const status = received['grpc-status'];
  if (status === undefined) return { headers, result: withoutStatus(received, got) };
  if (status === '0') return { headers, result: got instanceof Buffer ? got : asGrpcError(got ?? new GrpcError('Internal', 'no message')) };
  const details = received['grpc-status-details-bin'];
  const message = decodeGrpcMessage(String(received['grpc-message'] ?? ''));
  return {
    headers,
    result: new GrpcError(Number(status), message, details === undefined ? undefined : Buffer.from(String(details), 'base64')),
  };
}

/** The answer of something that doesn't speak gRPC, in grpc-go's words. */
function withoutStatus(received: IncomingHttpHeaders & IncomingHttpStatusHeader, got: unknown): GrpcError {
  const status = received[':status'] ?? 0;
  const type = received['content-type'] ?? '';
  if (status !== 200) return new GrpcError(grpcCodeOfHttpStatus(status), `unexpected HTTP status code received from server: ${status}`);
  if (!type.startsWith('application/grpc'))
    return new GrpcError(
      'Unknown',
      `unexpected HTTP status code received from server: 200; transport: received unexpected content-type ${JSON.stringify(type)}`,
    );
  return got instanceof Error ? asGrpcError(got) : new GrpcError('Internal', 'server closed the stream without sending trailers');
}

function asGrpcError(error: unknown): GrpcError {
  return error instanceof GrpcError ? error : new GrpcError('Unavailable', `error reading from server: ${messageOf(error)}`);
}

/** At most eight digits and a unit. */
function grpcTimeout(ms: number): string {
  return ms < 1e8 ? `${Math.ceil(ms)}m` : `${Math.min(Math.ceil(ms / 1000), 99_999_999)}S`;
}

import { type IncomingHttpHeaders, performServerHandshake, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import { messageOf } from '../../../base/errors.ts';
import { encodeGrpcMessage, isGrpcContentType } from '../../../base/grpc.ts';
import type { Log } from '../../../base/ports.ts';
import { frame, messagesOf } from './framing.ts';
import { GrpcError } from './status.ts';

export interface GrpcCall {
  readonly headers: IncomingHttpHeaders;
  readonly messages: AsyncIterable<Buffer>;
  readonly send: (message: Buffer) => void;
}

/** Serves one call; rejects with a GrpcError to fail it. */
export type GrpcMethod = (call: GrpcCall) => Promise<void>;

/** By `/service/method`. */
export type GrpcMethods = ReadonlyMap<string, GrpcMethod>;

/** Speaks gRPC on a connection that begins with HTTP/2's preface. The caller ends the session. */
export function serveGrpc(socket: Socket, methods: GrpcMethods, log: Log): ServerHttp2Session {
  const session = performServerHandshake(socket);
  session.on('error', (error) => log.log('debug', 'gRPC connection failed', { error: messageOf(error) }));
  session.on('stream', (stream, headers) => {
    stream.on('error', () => undefined);
    serveStream(stream, headers, methods).catch((error: unknown) => {
      log.log('error', 'Error handling request', { error: messageOf(error) });
      stream.destroy();
    });
  });
  return session;
}

async function serveStream(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, methods: GrpcMethods): Promise<void> {
  const type = headers['content-type'] ?? '';
  if (headers[':method'] !== 'POST' || !isGrpcContentType(type)) {
    const message = `invalid gRPC request: ${headers[':method']} with content-type ${JSON.stringify(type)}`;
    respond(stream, { ':status': 415, 'grpc-status': '3', 'grpc-message': encodeGrpcMessage(message) });
    return;
  }
  let sent = false;
  const send = (message: Buffer): void => {
    if (stream.closed || stream.destroyed) return;
    if (!sent) stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    sent = true;
    stream.write(frame(message));
  };
  let failure: GrpcError | undefined;
  try {
    await methodOf(String(headers[':path']), methods)({ headers, messages: messagesOf(stream), send });
  } catch (error) {
    if (!(error instanceof GrpcError)) throw error;
    failure = error;
  }
  const trailers = {
    'grpc-status': String(failure?.code ?? 0),
    ...(failure ? { 'grpc-message': encodeGrpcMessage(failure.message) } : {}),
    ...(failure?.details ? { 'grpc-status-details-bin': failure.details.toString('base64') } : {}),
  };
  if (sent) {
    stream.on('wantTrailers', () => stream.sendTrailers(trailers));
    stream.end();
  } else {
    respond(stream, { ':status': 200, 'content-type': 'application/grpc', ...trailers });
  }
}

/** An answer of headers alone. */
function respond(stream: ServerHttp2Stream, headers: Record<string, string | number>): void {
  if (!stream.closed && !stream.destroyed) stream.respond(headers, { endStream: true });
}

function methodOf(path: string, methods: GrpcMethods): GrpcMethod {
  const method = methods.get(path);
  if (method) return method;
  const [, service, name] = /^\/([^/]+)\/([^/]+)$/.exec(path) ?? [];
  if (service === undefined) throw new GrpcError('Unimplemented', `malformed method name: ${JSON.stringify(path)}`);
  const known = Array.from(methods.keys()).some((other) => other.startsWith(`/${service}/`));
  throw new GrpcError('Unimplemented', known ? `unknown method ${name} for service ${service}` : `unknown service ${service}`);
}

import { type ClientHttp2Session, connect as connectHttp2, constants, type IncomingHttpHeaders } from 'node:http2';
import { messageOf } from '../../base/errors.ts';
import { dialError, splitHostPort } from './go-errors.ts';
import { decodeHealthResponse, encodeHealthRequest } from './grpc-health.ts';
import { critical, type Outcome, type Probe, passing, timeoutMs } from './outcome.ts';
import { dial } from './tcp.ts';

/** By number. */
const CODES =
  'OK Canceled Unknown InvalidArgument DeadlineExceeded NotFound AlreadyExists PermissionDenied ResourceExhausted FailedPrecondition Aborted OutOfRange Unimplemented Internal Unavailable DataLoss Unauthenticated'.split(
    ' ',
  );

/** Asks the standard health service of gRPC. `host:port/service` asks for one service, `host:port` for the whole server. */
export const probeGrpc: Probe = async (run, signal) => {
  const target = run.GRPC ?? '';
  const slash = target.indexOf('/');
  const server = slash === -1 ? target : target.slice(0, slash);
  const service = slash === -1 ? '' : target.slice(slash + 1);
  const to = splitHostPort(server);
  if (typeof to === 'string') return critical(rpcError('Unavailable', `connection error: desc = "transport: Error while dialing ${to}"`));
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs({ Timeout: run.Timeout ?? 0 }))]);
  const tls = run.GRPCUseTLS ? run : undefined;
  let session: ClientHttp2Session | undefined;
  try {
    const socket = await dial(to.host, to.port, tls, limit, ['h2']);
    session = connectHttp2(`${tls ? 'https' : 'http'}://${server}`, { createConnection: () => socket });
    return await ask(session, server, service, limit);
  } catch (error) {
    if (limit.aborted) return critical(rpcError('DeadlineExceeded', 'context deadline exceeded'));
    const why = `connection error: desc = "transport: Error while dialing ${dialError(error, to.host, to.port)}"`;
    return critical(rpcError('Unavailable', why));
  } finally {
    session?.destroy();
  }
};

const rpcError = (code: string, why: string): string => `rpc error: code = ${code} desc = ${why}`;

function ask(session: ClientHttp2Session, server: string, service: string, signal: AbortSignal): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    session.once('error', reject);
    const stream = session.request({
      [constants.HTTP2_HEADER_METHOD]: 'POST',
      [constants.HTTP2_HEADER_PATH]: '/grpc.health.v1.Health/Check',
      [constants.HTTP2_HEADER_CONTENT_TYPE]: 'application/grpc',
      [constants.HTTP2_HEADER_TE]: 'trailers',
      'user-agent': 'Consul Health Check',
    });
    const chunks: Buffer[] = [];
    let status: IncomingHttpHeaders = {};
    // An answer without a message has its status in the first headers.
    stream.once('response', (headers) => (status = headers));
    stream.once('trailers', (headers) => (status = headers));
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.once('error', reject);
    stream.once('end', () => resolve(judge(server, status, Buffer.concat(chunks))));
    signal.addEventListener('abort', () => reject(new Error(messageOf(signal.reason))), { once: true });
    stream.end(encodeHealthRequest(service));
  });
}

function judge(server: string, headers: IncomingHttpHeaders, body: Buffer): Outcome {
  const code = headers['grpc-status'];
  if (typeof code === 'string' && code !== '0') {
    const why = decodeURIComponent(String(headers['grpc-message'] ?? ''));
    return critical(rpcError(CODES[Number(code)] ?? `Code(${code})`, why));
  }
  if (decodeHealthResponse(body) === 'SERVING') return passing(`gRPC check ${server}: success`);
  return critical("gRPC application didn't report service healthy");
}

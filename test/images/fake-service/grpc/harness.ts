import http2, { type ClientSessionOptions, type IncomingHttpHeaders, type SecureClientSessionOptions } from 'node:http2';
import { frame, messagesOf } from '../../../../src/images/fake-service/grpc/framing.ts';
import { decodeMessage, HANDLE_PATH } from '../../../../src/images/fake-service/grpc/messages.ts';

export interface GrpcReceived {
  /** Of the headers and the trailers. */
  readonly headers: IncomingHttpHeaders;
  readonly messages: Buffer[];
  /** The JSON in the first message. */
  readonly json: unknown;
}

export interface GrpcSent {
  readonly path?: string;
  readonly messages?: Buffer[];
  readonly headers?: Record<string, string>;
  readonly session?: ClientSessionOptions | SecureClientSessionOptions;
}

/** One call over a connection of its own. */
export async function callGrpc(
  url: string,
  { path = HANDLE_PATH, messages = [Buffer.alloc(0)], headers = {}, session = {} }: GrpcSent = {},
) {
  const client = http2.connect(url, session);
  try {
    return await new Promise<GrpcReceived>((resolve, reject) => {
      client.on('error', reject);
      const stream = client.request({ ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers', ...headers });
      let received: IncomingHttpHeaders = {};
      const keep = (more: IncomingHttpHeaders) => {
        received = { ...received, ...more };
      };
      stream.on('response', keep);
      stream.on('trailers', keep);
      stream.on('error', reject);
      for (const message of messages) stream.write(frame(message));
      stream.end();
      const closed = new Promise<void>((done) => stream.on('close', done));
      Promise.all([collect(messagesOf(stream)), closed]).then(([got]) => {
        const text = got[0] && path === HANDLE_PATH ? decodeMessage(got[0]) : undefined;
        resolve({ headers: received, messages: got, json: text === undefined ? undefined : JSON.parse(text) });
      }, reject);
    });
  } finally {
    client.close();
  }
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

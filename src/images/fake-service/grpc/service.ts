import type { FakeServiceConfig } from '../config.ts';
import { isReady } from '../endpoints.ts';
import { type HandlerContext, handleCall } from '../handler.ts';
import type { ServerState } from '../http.ts';
import { encodeResponse } from '../response.ts';
import { encodeMessage, encodeStatus, HANDLE_PATH } from './messages.ts';
import { reflectionMethods } from './reflection.ts';
import type { GrpcCall, GrpcMethods } from './server.ts';
import { GrpcError } from './status.ts';

/** The service over gRPC: FakeService/Handle, and reflection in the releases that serve both protocols. */
export function grpcMethods(config: FakeServiceConfig, context: HandlerContext, state: ServerState): GrpcMethods {
  const handle = async ({ headers, messages, send }: GrpcCall): Promise<void> => {
    await finish(messages);
    if (config.ready.gatesRequests && !isReady(config.ready, state.sinceStartMs()))
      throw new GrpcError('Unavailable', 'Server Unavailable');
    const fields = { request: `POST ${HANDLE_PATH} HTTP/2.0`, host: headers[':authority'] };
    const response = await handleCall({ type: 'gRPC', headers, fields }, config, context);
    const json = encodeResponse(response, config.behaviour);
    const { code, error } = response;
    if (error !== undefined) throw new GrpcError(code, error, encodeStatus(code, error, json));
    send(encodeMessage(json));
  };
  return new Map([[HANDLE_PATH, handle], ...(config.protocols === 'both' ? reflectionMethods() : [])]);
}

/** What a request says means nothing here; to the end, because one who stops reading cancels the call. */
async function finish(messages: AsyncIterable<Buffer>): Promise<void> {
  const iterator = messages[Symbol.asyncIterator]();
  while (!(await iterator.next()).done);
}

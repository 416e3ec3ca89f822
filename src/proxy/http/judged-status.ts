import { httpStatusOfGrpcCode } from '../../base/grpc.ts';
import type { RequestHead } from '../http1/request.ts';
import type { ResponseHead } from '../http1/response.ts';
import { isGrpc } from './respond.ts';

/**
 * The status of HTTP by which an answer tells how its host fares. Envoy: to a request of gRPC it is what the status of gRPC means, if
 * the head has one, as that of an answer without messages does; one that comes in trailers doesn't count.
 */
export function judgedStatus({ status, fields }: ResponseHead, request: RequestHead): number {
  const code = fields.known['grpc-status']?.[0];
  return code !== undefined && isGrpc(request) ? httpStatusOfGrpcCode(code) : status;
}

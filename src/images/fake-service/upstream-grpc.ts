import type { Clock } from '../../base/ports.ts';
import type { ClientConfig } from './config.ts';
import { GrpcClient } from './grpc/client.ts';
import { decodeMessage, decodeStatusDetail, encodeRequest, HANDLE_PATH } from './grpc/messages.ts';
import { describeError, GrpcError } from './grpc/status.ts';
import { decodeResponse } from './response.ts';
import { type Telemetry, traceHeaders } from './telemetry.ts';
import type { Span } from './tracing/tracer.ts';
import type { CallResult } from './upstream.ts';
import type { GrpcUpstream } from './upstream-uri.ts';

export interface GrpcCaller {
  call(upstream: GrpcUpstream, body: string | undefined, parent: Span | undefined): Promise<CallResult>;
  close(): void;
}

/** Calls FakeService/Handle. Neither path nor headers of the request are repeated; only the trace goes on. */
export function createGrpcCaller(config: ClientConfig, { clock, telemetry }: { clock: Clock; telemetry: Telemetry }): GrpcCaller {
  const client = new GrpcClient(config.timeoutMs, clock);

  async function call(upstream: GrpcUpstream, body: string | undefined, parent: Span | undefined): Promise<CallResult> {
    const activity = telemetry.callUpstream(parent, 'gRPC', upstream.uri);
    const { headers, result } = await client.call(upstream.target, HANDLE_PATH, encodeRequest(body), lowerCase(traceHeaders(activity)));
    const failed = result instanceof GrpcError ? result : undefined;
    const json = result instanceof GrpcError ? result.details && decodeStatusDetail(result.details) : decodeMessage(result);
    const told = json === undefined ? undefined : decodeResponse(json);
    if (!told && !failed) telemetry.log.log('error', 'Unable to read response JSON', { uri: upstream.uri });
    const code = told?.code ?? failed?.code ?? 0;
    const error = failed && describeError(failed);
    activity.end({ code, error });
    const shown = { ...told, uri: upstream.uri, type: 'gRPC', headers, code };
    return error === undefined ? { response: shown } : { response: { ...shown, error }, error };
  }

  return { call, close: () => client.close() };
}

/** HTTP/2 knows no other names. */
function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

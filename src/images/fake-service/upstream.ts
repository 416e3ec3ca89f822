import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '../../base/ports.ts';
import type { ClientConfig } from './config.ts';
import type { ServiceResponse } from './response.ts';
import type { Telemetry } from './telemetry.ts';
import type { Span } from './tracing/tracer.ts';
import type { GrpcCaller } from './upstream-grpc.ts';
import { createHttpCaller } from './upstream-http.ts';
import type { Upstream } from './upstream-uri.ts';
import type { Behaviour } from './version.ts';

/** What of an incoming request its upstream calls repeat. */
export interface Repeated {
  /** Without the query, which is not repeated. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

export interface CallResult {
  readonly response: ServiceResponse;
  /** Why the request as a whole has failed, if it has. */
  readonly error?: string;
}

export interface UpstreamClient {
  /** Calls once. Never rejects: a failure is an answer too. A body makes an HTTP call a POST. */
  call(upstream: Upstream, repeated: Repeated | undefined, body: string | undefined, parent: Span | undefined): Promise<CallResult>;
  close(): void;
}

export function createUpstreamClient(
  config: ClientConfig,
  behaviour: Pick<Behaviour, 'detailedFailures'>,
  ports: { clock: Clock; telemetry: Telemetry },
): UpstreamClient {
  const http = createHttpCaller(config, behaviour, ports);
  let grpc: GrpcCaller | undefined;
  return {
    async call(upstream, repeated, body, parent) {
      if (upstream.type === 'HTTP') return http.call(upstream, repeated, body, parent);
      // Loaded only when used: http2 costs as much as all the rest at start-up.
      const { createGrpcCaller } = await import('./upstream-grpc.ts');
      grpc ??= createGrpcCaller(config, ports);
      return grpc.call(upstream, body, parent);
    },
    close() {
      http.close();
      grpc?.close();
    },
  };
}

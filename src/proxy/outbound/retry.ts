import type { RetryPolicy } from '../../compile/proxy-config.ts';
import type { RetryRules } from '../http/service.ts';
import { fieldOf } from '../http1/fields.ts';

/** Envoy: base interval 25 ms, at most ten times as long. */
const BASE_MS = 25;
const MAX_MS = 250;
/** Conditions that ask for a status of gRPC, by its code in the head of an answer without a body. */
const GRPC: Readonly<Record<string, string>> = {
  cancelled: '1',
  'deadline-exceeded': '4',
  'resource-exhausted': '8',
  internal: '13',
  unavailable: '14',
};

/**
 * Envoy's conditions: `5xx` holds for no answer at all as well, `reset` only for that, and both for a connection that can't be
 * had. `refused-stream` holds for streams of HTTP/2 alone. Undefined when nothing would ever be retried.
 */
export function compileRetry(policy: RetryPolicy, random: () => number): RetryRules | undefined {
  const on = new Set(policy.on);
  const statusCodes = new Set(policy.onStatusCodes);
  if (policy.count < 1 || (on.size === 0 && statusCodes.size === 0 && !policy.onConnectFailure)) return undefined;
  const grpcCodes = new Set(policy.on.map((condition) => GRPC[condition]));
  const reset = on.has('5xx') || on.has('reset');
  return {
    count: policy.count,
    onReset: reset,
    onRefused: reset || on.has('refused-stream'),
    onConnectFailure: policy.onConnectFailure || reset || on.has('connect-failure'),
    onResponse: (head) => {
      const { status } = head;
      if (statusCodes.has(status)) return true;
      if (fieldOf(head.fields, 'x-envoy-ratelimited') !== undefined) return on.has('envoy-ratelimited');
      if (status >= 500 && on.has('5xx')) return true;
      if (status >= 502 && status <= 504 && on.has('gateway-error')) return true;
      if (status === 409 && on.has('retriable-4xx')) return true;
      const grpc = head.fields.known['grpc-status']?.[0];
      return grpc !== undefined && grpcCodes.has(grpc);
    },
    backOffMs: (attempt) => random() * Math.min(BASE_MS * (2 ** attempt - 1), MAX_MS),
  };
}

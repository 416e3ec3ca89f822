import type { ServiceCheck } from '../../base/registration.ts';
import type { RawCheck } from './schema.ts';

const DEFAULT_TIMEOUT_MS = 10_000;
const NS_PER_MS = 1e6;

/** What a check is refused for, mostly by Consul; undefined when it is fine. */
export function checkError(check: RawCheck): string | undefined {
  const { interval = 0, ttl = 0 } = check;
  const asks = check.http !== undefined || check.tcp !== undefined;
  if (interval > 0 && ttl > 0) return 'Invalid check: Interval and TTL cannot both be specified';
  if (asks && interval <= 0) return 'Invalid check: Interval must be > 0 for Script, HTTP, or TCP checks';
  if (!asks && ttl > 0) return 'TTL checks are not supported by this version of mesh yet';
  if (check.http !== undefined && check.tcp !== undefined) return 'Invalid check: one of HTTP and TCP, not both';
  return asks ? undefined : 'Invalid check: TTL must be > 0 for TTL checks';
}

/** The `position`th (from 1) of `count` checks, with Consul's defaults for what it leaves open. */
export function serviceCheck(check: RawCheck, service: { id: string; name: string }, position: number, count: number): ServiceCheck {
  const fallback = count > 1 ? `service:${service.id}:${position}` : `service:${service.id}`;
  const action: ServiceCheck['action'] =
    check.http === undefined
      ? { type: 'tcp', address: check.tcp ?? '' }
      : { type: 'http', url: check.http, method: check.method || 'GET', headers: check.header ?? {} };
  return {
    id: check.id || check.check_id || fallback,
    name: check.name || `Service '${service.name}' check`,
    action,
    intervalMs: (check.interval ?? 0) / NS_PER_MS,
    timeoutMs: check.timeout ? check.timeout / NS_PER_MS : DEFAULT_TIMEOUT_MS,
  };
}

import type { ServiceCheck } from '../../base/registration.ts';
import type { RawCheck } from './schema.ts';

const DEFAULT_TIMEOUT_MS = 10_000;
const NS_PER_MS = 1e6;

/** What Consul refuses a check for, without its prefix `Invalid check: `; undefined when it is fine. */
export function checkError(check: RawCheck): string | undefined {
  const { interval = 0, ttl = 0 } = check;
  const asks = check.http !== undefined || check.tcp !== undefined;
  if (interval > 0 && ttl > 0) return 'Interval and TTL cannot both be specified';
  if (asks && interval <= 0) return 'Interval must be > 0 for Script, HTTP, or TCP checks';
  return !asks && ttl <= 0 ? 'TTL must be > 0 for TTL checks' : undefined;
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

import type { HttpFault } from '../http1/fault.ts';
import { countStatus } from '../stats.ts';
import { flagOf } from './respond.ts';
import type { HttpService } from './service.ts';

/** Counts and logs a request that can't be read and is refused with this fault. */
export function unreadable(service: HttpService, fault: HttpFault): void {
  const { stats, log, name } = service;
  const { status, reason } = fault;
  service.unreadable?.({ status, reason, flag: flagOf(fault) });
  stats.requests++;
  stats.completedRequests++;
  stats.refusedRequests++;
  countStatus(stats, status);
  log.log('warn', 'request refused', { listener: name, status, reason });
}

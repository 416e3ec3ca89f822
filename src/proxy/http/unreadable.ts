import type { HttpFault } from '../http1/fault.ts';
import { NO_FIELDS } from '../http1/fields.ts';
import type { RequestHead } from '../http1/request.ts';
import { countStatus } from '../stats.ts';
import { unsent } from './filled-edits.ts';
import { flagOf } from './respond.ts';
import type { Caller, HttpService } from './service.ts';

/** In place of a request that could not be read: nothing that its client has sent is told of it. */
export const UNREAD: RequestHead = {
  method: '',
  target: '',
  path: '',
  minor: 1,
  fields: NO_FIELDS,
  host: undefined,
  framing: { kind: 'none' },
  keepAlive: false,
  upgrade: undefined,
};

/** Counts and logs a request that can't be read and is refused with this fault. */
export function unreadable(service: HttpService, fault: HttpFault, caller: Caller): void {
  const { stats, log, name } = service;
  const { status, reason } = fault;
  stats.requests++;
  stats.completedRequests++;
  stats.refusedRequests++;
  countStatus(stats, status);
  log.log('warn', 'request refused', { listener: name, status, reason });
  service.ended?.({ ...unsent(UNREAD, caller), status, refusal: { status, reason, flag: flagOf(fault) } });
}

import type { DeniedCall } from '../../api/denial.ts';
import type { Happened } from './history.ts';

/** The first time, and each time that it is ten times as often. `before`: how often it was known to have come. */
export function eventOfDenial(call: DeniedCall, before: number): Happened | undefined {
  const { source, destination, request, times, status, reason, proxy } = call;
  if (String(times).length === String(before).length && before > 0) return undefined;
  const subject = `${source} => ${destination}`;
  const what = request ? `${request.method} ${request.path}` : 'a connection';
  const often = times === 1 ? '' : `, ${times} times by now`;
  const why = reason.replace(/^spiffe:\S+: /, '');
  const data = { times, status, proxy };
  return { kind: 'denied', subject, text: `${source} was refused ${what} of ${destination}${often}: ${why}`, level: 'warn', data };
}

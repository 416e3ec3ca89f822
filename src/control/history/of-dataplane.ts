import type { DataplaneLink, DataplaneStatus } from '../dataplane/link.ts';
import type { History } from './history.ts';
import { eventOfDenial } from './of-denial.ts';

/** Tells of what the data plane does, until the returned function is called. What was refused before `since` is no news. */
export function followDataplane(history: History, link: DataplaneLink, since: number): () => void {
  let before = link.status.value;
  const stopStatus = link.status.subscribe((after) => {
    tellOfStatus(history, before, after);
    before = after;
  });
  const stopDenied = link.denied.listen((call, times) => {
    const happened = call.lastAt >= since ? eventOfDenial(call, times) : undefined;
    if (happened) history.add(happened);
  });
  link.onServed = (proxies, index) => {
    for (const proxy of proxies) {
      const subject = nameOf(proxy);
      const served = { kind: 'sidecar', subject, text: `${subject} serves index ${index}`, level: 'info', data: { proxy, index } } as const;
      history.gather(served, (count) => `${count} sidecars serve a new configuration`);
    }
  };
  return () => {
    stopStatus();
    stopDenied();
  };
}

function tellOfStatus(history: History, before: DataplaneStatus, after: DataplaneStatus): void {
  if (isThere(before) !== isThere(after)) {
    const text = isThere(after) ? `the data plane is connected, pid ${after.pid}` : 'the data plane has gone';
    history.add({ kind: 'agent', subject: 'dataplane', text, level: isThere(after) ? 'info' : 'warn' });
  }
  if (after.error !== undefined && after.error !== before.error)
    history.add({ kind: 'sidecar', subject: '', text: `an update could not be applied: ${after.error}`, level: 'error' });
  for (const [proxy, { error }] of Object.entries(after.proxies)) {
    if (error === undefined || error === before.proxies[proxy]?.error) continue;
    const subject = nameOf(proxy);
    const failed = {
      kind: 'sidecar',
      subject,
      text: `${subject} does not serve what it should: ${error}`,
      level: 'error',
      data: { proxy },
    } as const;
    history.gather(failed, (count) => `${count} sidecars do not serve what they should`);
  }
}

/** It has said who it is. */
const isThere = ({ connected, pid }: DataplaneStatus): boolean => connected && pid !== undefined;

/** `web-sidecar-proxy` of `dc1/web/web-sidecar-proxy`. */
const nameOf = (proxy: string): string => proxy.split('/').slice(2).join('/');

import type { Snapshot } from '../../catalog/snapshot.ts';
import { proxyDefaultsConfig } from '../protocol.ts';
import type { OutboundListener } from '../proxy-config.ts';
import type { Gateway } from '../proxy-id.ts';
import { positiveSetting } from '../settings.ts';

/** How large heads of requests may be: what the listener says (KiB), else the gateway's registration, else proxy-defaults. */
export function headLimit(s: Snapshot, dc: string, { Proxy: proxy }: Gateway, ownKb = 0): Pick<OutboundListener, 'maxHeadBytes'> {
  const name = 'max_request_headers_kb';
  const said = ownKb > 0 ? ownKb : (positiveSetting(proxy?.Config ?? {}, name) ?? positiveSetting(proxyDefaultsConfig(s, dc), name));
  return said === undefined ? {} : { maxHeadBytes: said * 1024 };
}

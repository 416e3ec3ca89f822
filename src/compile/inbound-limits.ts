import type { Snapshot } from '../catalog/snapshot.ts';
import { proxyDefaultsConfig, proxyDefaultsOf, serviceDefaultsOf } from './protocol.ts';
import type { InboundListener } from './proxy-config.ts';
import type { Sidecar } from './proxy-id.ts';
import { positiveSetting } from './settings.ts';

type InboundLimits = Pick<InboundListener, 'maxConnections' | 'permissive' | 'requestTimeoutMs' | 'idleTimeoutMs' | 'maxHeadBytes'>;

/** Consul: proxy-defaults, then service-defaults, then the registration; the last that says something counts. */
export function inboundSetting(s: Snapshot, dc: string, { Proxy: proxy }: Sidecar, name: string, own?: number): number | undefined {
  const central = own !== undefined && own > 0 ? own : undefined;
  return positiveSetting(proxy.Config, name) ?? central ?? positiveSetting(proxyDefaultsConfig(s, dc), name);
}

/** What an instance is asked to bear; nothing where nobody says it. */
export function inboundLimits(s: Snapshot, dc: string, sidecar: Sidecar): InboundLimits {
  const own = serviceDefaultsOf(s, dc, sidecar.Proxy.DestinationServiceName);
  const setting = (name: string, central?: number) => inboundSetting(s, dc, sidecar, name, central);
  const maxConnections = setting('max_inbound_connections', own?.MaxInboundConnections);
  const requestTimeoutMs = setting('local_request_timeout_ms', own?.LocalRequestTimeoutMs);
  const idleTimeoutMs = setting('local_idle_timeout_ms');
  const mutualTls = own?.MutualTLSMode || proxyDefaultsOf(s, dc)?.MutualTLSMode;
  const headersKb = setting('max_request_headers_kb', own?.MaxRequestHeadersKB);
  return {
    ...(maxConnections === undefined ? {} : { maxConnections }),
    ...(mutualTls === 'permissive' ? { permissive: true } : {}),
    ...(requestTimeoutMs === undefined ? {} : { requestTimeoutMs }),
    ...(idleTimeoutMs === undefined ? {} : { idleTimeoutMs }),
    ...(headersKb === undefined ? {} : { maxHeadBytes: headersKb * 1024 }),
  };
}

import { entry } from '../catalog/queries.ts';
import type { Snapshot } from '../catalog/snapshot.ts';
import { PROXY_DEFAULTS_NAME, type ProxyDefaults } from '../entries/proxy-defaults.ts';
import type { ServiceDefaults } from '../entries/service-defaults.ts';
import type { Protocol } from './proxy-config.ts';
import { textSetting } from './settings.ts';

/** The service-defaults of a service, if there are any. */
export function serviceDefaultsOf(s: Snapshot, dc: string, service: string): ServiceDefaults | undefined {
  return entry(s, dc, 'service-defaults', service).value as ServiceDefaults | undefined;
}

/** What all proxies of a datacenter start from, if somebody has set it. */
export function proxyDefaultsOf(s: Snapshot, dc: string): ProxyDefaults | undefined {
  return entry(s, dc, 'proxy-defaults', PROXY_DEFAULTS_NAME).value as ProxyDefaults | undefined;
}

/** Its opaque settings. */
export function proxyDefaultsConfig(s: Snapshot, dc: string): Readonly<Record<string, unknown>> {
  return proxyDefaultsOf(s, dc)?.Config ?? {};
}

export interface StatedProtocol {
  readonly protocol: string;
  /** The kind of the entry that it is of; absent: no entry says anything. */
  readonly kind?: 'service-defaults' | 'proxy-defaults';
  /** That entry doesn't name it. */
  readonly unsaid?: true;
}

/** Consul: a service-defaults without Protocol is tcp and hides proxy-defaults; only without one do these count. */
export function statedProtocol(s: Snapshot, dc: string, service: string): StatedProtocol {
  const defaults = serviceDefaultsOf(s, dc, service);
  if (defaults) {
    const { Protocol: protocol } = defaults;
    return protocol ? { protocol, kind: 'service-defaults' } : { protocol: 'tcp', kind: 'service-defaults', unsaid: true };
  }
  const protocol = textSetting(proxyDefaultsConfig(s, dc), 'protocol')?.toLowerCase();
  return protocol ? { protocol, kind: 'proxy-defaults' } : { protocol: 'tcp' };
}

export function serviceProtocol(s: Snapshot, dc: string, service: string): string {
  return statedProtocol(s, dc, service).protocol;
}

/** Consul: exactly these carry requests; any other word is bytes to a proxy. */
export function isHttpLike(protocol: string): protocol is 'http' | 'http2' | 'grpc' {
  return protocol === 'http' || protocol === 'http2' || protocol === 'grpc';
}

export function listenerProtocol(protocol: string): Protocol {
  return isHttpLike(protocol) ? protocol : 'tcp';
}

import type { Origin } from '../api/explanation.ts';
import type { Snapshot } from '../catalog/snapshot.ts';
import { buildProxyConfig, type ProxyOptions } from '../compile/proxy.ts';
import type { ProxyConfig } from '../compile/proxy-config.ts';
import { type Gateway, isGateway, type Sidecar } from '../compile/proxy-id.ts';
import type { Allowance } from './allowance.ts';

export interface ExplainContext {
  readonly snapshot: Snapshot;
  /** Where a source without a datacenter is looked for first. */
  readonly dc: string;
  /** Those that the data plane is configured with. */
  readonly options: ProxyOptions;
  /** What the data plane really has, by proxy id; undefined for a proxy that it does not serve. Absent: of all. */
  readonly served?: (id: string) => ProxyConfig | undefined;
  /** Milliseconds since the epoch: what tokens are held against. */
  readonly now: number;
  /** Where an entry was written, if that may be told. */
  readonly fileOf?: (dc: string, kind: string, name: string) => Origin['file'] | undefined;
  /** An allowance for a service of a datacenter as a command, if it may be told. Absent: it is said in words. */
  readonly allow?: (allowance: Allowance, destination: string, dc: string) => string | undefined;
  /** Whether all intentions for a service may be told; absent: of all. Of others only what decides is. */
  readonly mayReadIntentions?: (destination: string) => boolean;
}

/** Who sends, as the data plane has it. */
export interface Caller {
  readonly dc: string;
  readonly proxy: Sidecar | Gateway;
  readonly config: ProxyConfig;
  /** Ids of further sidecars of the same service. */
  readonly others: readonly string[];
}

/** What every step of an explanation works with. */
export interface Walk extends ExplainContext {
  readonly caller: Caller;
}

/** The configuration of a proxy: the one that is served, else what it would be. */
export function configOf({ snapshot, options, served }: ExplainContext, id: string): ReturnType<typeof buildProxyConfig> {
  const config = served?.(id);
  return config ? { ok: true, value: config } : buildProxyConfig(snapshot, id, options);
}

/** `service-router payments`, with its file. */
export function entryOrigin({ fileOf }: ExplainContext, dc: string, kind: string, name: string, part = ''): Origin {
  const file = fileOf?.(dc, kind, name);
  return { of: `${part === '' ? '' : `${part} of `}${kind} ${name}`, ...(file ? { file } : {}) };
}

export const registrationOf = (id: string): Origin => ({ of: `registration of ${id}` });

/** Nobody has said anything. */
export const BY_DEFAULT: Origin = { of: 'default of Consul' };

/** `web's sidecar`, `ingress-gateway edge` */
export function callerText({ proxy }: Caller): string {
  return isGateway(proxy) ? `${proxy.Kind} ${proxy.Service}` : `${proxy.Proxy.DestinationServiceName}'s sidecar ${proxy.ID}`;
}

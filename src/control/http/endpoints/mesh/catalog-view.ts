import { changeKeys } from '../../../../catalog/keys.ts';
import { catalogIndex, datacenterNames, tableIndex } from '../../../../catalog/queries.ts';
import type { Snapshot } from '../../../../catalog/snapshot.ts';
import { buildProxyConfig } from '../../../../compile/proxy.ts';
import type { ProxyConfig } from '../../../../compile/proxy-config.ts';
import type { Api } from '../../endpoint.ts';

/** What a proxy does, whoever serves it: the configuration that the data plane has, or what would be made of its registration. */
export function configsOf(s: Snapshot, { trustDomain, acls, agent }: Api): (proxy: string) => ProxyConfig | undefined {
  const options = { trustDomain, defaultIntention: acls.intentionDefault, extraLoopback: false };
  return (id) => {
    const served = agent.traffic.config(id);
    if (served) return served;
    const built = buildProxyConfig(s, id, options);
    return built.ok ? built.value : undefined;
  };
}

/** When anything last changed, in any datacenter, that shapes what sidecars do. */
export const shapedAt = (s: Snapshot): number =>
  Math.max(1, ...datacenterNames(s).map((dc) => Math.max(catalogIndex(s, dc), tableIndex(s, dc, 'config'))));

const SORTS = ['node', 'service', 'connect', 'config', 'intentions', 'query'] as const;

export const shapedBy = (s: Snapshot): string[] => datacenterNames(s).flatMap((dc) => SORTS.map((sort) => changeKeys.all(dc, sort)));

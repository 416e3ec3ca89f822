import type { Finding } from '../api/finding.ts';
import { sameName } from '../base/same-name.ts';
import { isRegistered } from '../catalog/gateways.ts';
import { entries } from '../catalog/queries.ts';
import type { StoredEntry } from '../catalog/types.ts';
import { CHAIN_KINDS } from '../entries/chain-kinds.ts';
import type { ServiceDefaults } from '../entries/service-defaults.ts';
import type { ServiceResolver } from '../entries/service-resolver.ts';
import { deleteCommand, ofEntry } from './finding.ts';
import { isCalled, isShaped, type Looked, orNear } from './names.ts';
import { references } from './references.ts';

/** Entries of services that nobody has and nobody calls. */
export function unusedEntries(looked: Looked): Finding[] {
  const { s, dc } = looked;
  return ['service-defaults', ...CHAIN_KINDS].flatMap((kind) =>
    entries(s, dc, kind).value.flatMap((entry): Finding[] => {
      const isAddress = kind === 'service-defaults' && (entry as ServiceDefaults & StoredEntry).Destination !== undefined;
      if (isAddress || isRegistered(s, dc, entry.Name) || isCalled(looked, entry.Name)) return [];
      return [
        {
          code: 'unused',
          severity: 'warning',
          summary: `${kind} ${entry.Name} has no effect: no service of that name is registered${orNear(looked, entry.Name)}, and nothing leads there`,
          fix: deleteCommand(entry),
          datacenter: dc,
          about: ofEntry(entry),
        },
      ];
    }),
  );
}

/** Subsets that neither a route, a split, a redirect, a failover, a copy nor the default leads to. */
export function unusedSubsets({ s, dc }: Looked): Finding[] {
  const key = (service: string, subset: string): string => `${service.toLowerCase()}\n${subset}`;
  const named = new Set(references(s, dc).map(({ service, subset }) => key(service, subset)));
  return entries(s, dc, 'service-resolver').value.flatMap((entry) => {
    const { Name, Subsets = {}, DefaultSubset } = entry as ServiceResolver & StoredEntry;
    const unused = Object.keys(Subsets).filter((subset) => subset !== DefaultSubset && !named.has(key(Name, subset)));
    return unused.map(
      (subset): Finding => ({
        code: 'unused',
        severity: 'warning',
        summary: `nothing leads to subset ${subset} of ${Name}: no route, split, redirect or failover names it, and it is not the default`,
        fix: `name it, as ServiceSubset = "${subset}" in a service-splitter or service-router, or take it out of service-resolver ${Name}`,
        datacenter: dc,
        about: ofEntry(entry),
        path: `Subsets[${subset}]`,
      }),
    );
  });
}

/** Names of services in routers, splitters and resolvers that are not there. */
export function strayReferences(looked: Looked): Finding[] {
  const { s, dc } = looked;
  return references(s, dc).flatMap(({ entry, path, service, elsewhere }): Finding[] => {
    if (elsewhere || sameName(service, entry.Name) || isRegistered(s, dc, service) || isShaped(looked, service)) return [];
    return [
      {
        code: 'reference',
        severity: 'warning',
        summary: `${entry.Kind} ${entry.Name} leads to ${service}, and no service of that name is registered`,
        fix: `register ${service}, or correct the name${orNear(looked, service)}`,
        datacenter: dc,
        about: ofEntry(entry),
        path: path === 'Meta' ? 'Meta[mesh.mirror/service]' : `${path}.Service`,
      },
    ];
  });
}

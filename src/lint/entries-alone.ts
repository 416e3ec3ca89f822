import type { Finding } from '../api/finding.ts';
import { sameName } from '../base/same-name.ts';
import { nearest } from '../base/suggest.ts';
import { entries } from '../catalog/queries.ts';
import type { StoredEntry } from '../catalog/types.ts';
import type { ApiGateway } from '../entries/gateways/api-gateway.ts';
import type { HttpRoute } from '../entries/gateways/http-route.ts';
import type { IngressGateway } from '../entries/gateways/ingress-gateway.ts';
import type { ServiceIntentions } from '../entries/service-intentions.ts';
import { deleteCommand, ofEntry } from './finding.ts';
import type { Looked } from './names.ts';
import { references } from './references.ts';

/** Issuers of tokens for which nobody asks. */
export function unusedProviders({ s, dc }: Looked): Finding[] {
  const asked = new Set<string>();
  for (const one of entries(s, dc).value) for (const name of providersIn(one)) asked.add(name);
  return entries(s, dc, 'jwt-provider')
    .value.filter(({ Name }) => !asked.has(Name))
    .map((provider) => ({
      code: 'unused',
      severity: 'warning',
      summary: `nobody asks for tokens of jwt-provider ${provider.Name}: neither intentions nor a gateway name it`,
      fix: `name it below JWT { Providers = [{ Name = "${provider.Name}" }] } of intentions, or: ${deleteCommand(provider)}`,
      datacenter: dc,
      about: ofEntry(provider),
    }));
}

function providersIn(entry: StoredEntry): string[] {
  const names = (jwt: ServiceIntentions['JWT']): string[] => (jwt?.Providers ?? []).map(({ Name = '' }) => Name);
  if (entry.Kind === 'service-intentions') {
    const { JWT, Sources } = entry as StoredEntry & ServiceIntentions;
    return [JWT, ...Sources.flatMap(({ Permissions = [] }) => Permissions.map((one) => one.JWT))].flatMap(names);
  }
  if (entry.Kind === 'api-gateway')
    return ((entry as StoredEntry & ApiGateway).Listeners ?? []).flatMap((one) => [
      ...names(one.Override?.JWT),
      ...names(one.Default?.JWT),
    ]);
  return entry.Kind === 'http-route' ? ((entry as StoredEntry & HttpRoute).Rules ?? []).flatMap((one) => names(one.Filters?.JWT)) : [];
}

/** Kinds that Consul keeps, and advises against. */
export function deprecatedKinds({ s, dc }: Looked): Finding[] {
  return entries(s, dc, 'ingress-gateway').value.map((gateway) => ({
    code: 'caution',
    severity: 'warning',
    summary: `ingress-gateway ${gateway.Name}: Consul has deprecated this kind, and will remove it in a future release`,
    fix: 'an api-gateway with http-route and tcp-route entries does the same: docs/gateways.md',
    datacenter: dc,
    about: ofEntry(gateway),
    path: 'Kind',
  }));
}

/** A name of a service in one place of an entry. */
interface Mention {
  readonly name: string;
  readonly entry: StoredEntry;
  /** Absent: the name of the entry. */
  readonly path?: string;
}

/** Names that stand in one place alone and are nearly those of others. Which services there will be is not known here. */
export function lonelyNames(looked: Looked): Finding[] {
  const all = mentions(looked);
  const times = new Map<string, number>();
  for (const { name } of all) times.set(name.toLowerCase(), (times.get(name.toLowerCase()) ?? 0) + 1);
  return all.flatMap(({ name, entry, path }): Finding[] => {
    if (times.get(name.toLowerCase()) !== 1 || name.length < SHORTEST) return [];
    const others = [...times.keys()].filter((other) => !sameName(other, name) && !differsInNumber(other, name));
    const near = nearest(name, others);
    // Of two that are alone, the one in the name of an entry is more likely meant.
    if (near === undefined || (path === undefined && times.get(near) === 1)) return [];
    return [
      {
        code: 'reference',
        severity: 'warning',
        summary: `${JSON.stringify(name)} is named here alone, and is nearly ${JSON.stringify(near)}`,
        fix: `did you mean "${near}"?`,
        datacenter: looked.dc,
        about: ofEntry(entry),
        path: path ?? 'Name',
      },
    ];
  });
}

/** Shorter names are near to each other by chance. */
const SHORTEST = 4;

const differsInNumber = (a: string, b: string): boolean => withoutDigits(a) === withoutDigits(b.toLowerCase());
const withoutDigits = (name: string): string => name.replace(/\d+/g, '#');

const NAMED_AS_SERVICES = ['service-defaults', 'service-router', 'service-splitter', 'service-resolver', 'service-intentions'];

function mentions({ s, dc }: Looked): Mention[] {
  const found: Mention[] = references(s, dc)
    .filter(({ entry, service, path }) => !sameName(entry.Name, service) && path !== 'Meta')
    .map(({ entry, service, path }) => ({ name: service, entry, path: `${path}.Service` }));
  for (const entry of entries(s, dc).value) {
    if (NAMED_AS_SERVICES.includes(entry.Kind)) found.push({ name: entry.Name, entry });
    if (entry.Kind === 'service-intentions')
      for (const { Name } of (entry as StoredEntry & ServiceIntentions).Sources)
        found.push({ name: Name, entry, path: `Sources[${Name}].Name` });
    if (entry.Kind === 'ingress-gateway') {
      for (const [i, { Services = [] }] of ((entry as StoredEntry & IngressGateway).Listeners ?? []).entries())
        for (const [j, { Name }] of Services.entries()) found.push({ name: Name, entry, path: `Listeners[${i}].Services[${j}].Name` });
    }
    if (entry.Kind === 'http-route') {
      for (const [i, { Services = [] }] of ((entry as StoredEntry & HttpRoute).Rules ?? []).entries())
        for (const [j, { Name }] of Services.entries()) found.push({ name: Name, entry, path: `Rules[${i}].Services[${j}].Name` });
    }
  }
  return found.filter(({ name }) => name !== '*');
}

import type { Finding, FindingSubject } from '../api/finding.ts';
import { isRegistered } from '../catalog/gateways.ts';
import { entries, serviceInstances } from '../catalog/queries.ts';
import type { StoredEntry } from '../catalog/types.ts';
import { compileChain } from '../compile/chain.ts';
import type { IngressGateway } from '../entries/gateways/ingress-gateway.ts';
import type { TerminatingGateway } from '../entries/gateways/terminating-gateway.ts';
import { entryKind } from '../entries/table.ts';
import { ofEntry } from './finding.ts';
import { type Looked, orNear } from './names.ts';
import { deadEndFindings } from './upstreams.ts';

/** Gateways that lead nowhere, and entries of gateways that nobody runs. */
export function gatewayTroubles(looked: Looked): Finding[] {
  const { s, dc } = looked;
  const of = (kind: string): StoredEntry[] => entries(s, dc, kind).value;
  return [
    ...of('ingress-gateway').flatMap((entry) => ingress(looked, entry as IngressGateway & StoredEntry)),
    ...['http-route', 'tcp-route'].flatMap((kind) => of(kind).flatMap((entry) => route(looked, entry))),
    ...of('terminating-gateway').flatMap((entry) => terminating(looked, entry as TerminatingGateway & StoredEntry)),
    ...['ingress-gateway', 'terminating-gateway', 'api-gateway'].flatMap((kind) => of(kind).flatMap((entry) => unserved(looked, entry))),
  ];
}

function ingress(looked: Looked, entry: IngressGateway): Finding[] {
  return (entry.Listeners ?? []).flatMap(({ Port, Services = [] }, i) =>
    Services.flatMap(({ Name }, j) =>
      Name === '*' ? [] : leadsTo(looked, entry, Name, `port ${Port} of ingress-gateway ${entry.Name}`, `Listeners[${i}].Services[${j}]`),
    ),
  );
}

function route(looked: Looked, entry: StoredEntry): Finding[] {
  const names = entryKind(entry.Kind)!.references(entry);
  return names.flatMap(({ service }) => leadsTo(looked, entry, service, `${entry.Kind} ${entry.Name}`));
}

function leadsTo(looked: Looked, entry: IngressGateway | StoredEntry, service: string, what: string, path?: string): Finding[] {
  const { s, dc } = looked;
  const chain = compileChain(s, { dc, service, trustDomain: '' });
  // What does not compile is a contradiction, and told of as that.
  if (!chain.ok) return [];
  const about: FindingSubject = ofEntry(entry);
  const found = deadEndFindings(looked, chain.value, `${service} behind ${what}`);
  return found.map((one) => ({ ...one, datacenter: dc, about, ...(path === undefined ? {} : { path }) }));
}

function terminating(looked: Looked, entry: TerminatingGateway): Finding[] {
  const { s, dc } = looked;
  return (entry.Services ?? []).flatMap(({ Name = '' }, i): Finding[] => {
    if (Name === '*' || isRegistered(s, dc, Name)) return [];
    return [
      {
        code: 'reference',
        severity: 'warning',
        summary: `terminating-gateway ${entry.Name} leads to ${Name}, and no service of that name is registered`,
        fix: `register ${Name} with its address, or correct the name${orNear(looked, Name)}`,
        datacenter: dc,
        about: ofEntry(entry),
        path: `Services[${i}]`,
      },
    ];
  });
}

function unserved({ s, dc }: Looked, entry: StoredEntry): Finding[] {
  const { Kind, Name } = entry;
  if (serviceInstances(s, dc, Name).value.some(({ service }) => service.Kind === Kind)) return [];
  return [
    {
      code: 'unused',
      severity: 'warning',
      summary: `no gateway runs for ${Kind} ${Name}: nothing listens`,
      fix: `mesh connect envoy -gateway=${Kind.replace(/-gateway$/, '')} -register -service ${Name}`,
      datacenter: dc,
      about: ofEntry(entry),
    },
  ];
}

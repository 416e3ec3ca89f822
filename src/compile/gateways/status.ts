import { entries, entry } from '../../catalog/queries.ts';
import type { Snapshot } from '../../catalog/snapshot.ts';
import type { Op, StoredEntry } from '../../catalog/types.ts';
import type { ApiGateway } from '../../entries/gateways/api-gateway.ts';
import { type BoundApiGateway, boundApiGateway } from '../../entries/gateways/bound-api-gateway.ts';
import type { Reference, Status } from '../../entries/gateways/reference.ts';
import { compileChain } from '../chain.ts';
import { type Binding, bindRoute, protocolOf, type Route, servicesOf } from './bind.ts';
import {
  badCertificates,
  badChain,
  bound,
  conflict,
  type Finding,
  gatewayAccepted,
  noCertificate,
  noConflict,
  noGateway,
  noUpstreams,
  resolvedRefs,
  routeAccepted,
  sameFindings,
  statusOf,
  unbound,
} from './conditions.ts';

/**
 * What has to be written so that API gateways and routes say what is so: their `Status`, and one bound-api-gateway beside each
 * gateway. Consul's controller does it some time after a write, this agent together with it. Empty when all is said already.
 */
export function gatewayUpdates(s: Snapshot, dc: string, now: string): Op[] {
  const gateways = entries(s, dc, 'api-gateway').value as (ApiGateway & StoredEntry)[];
  const routes = [...entries(s, dc, 'http-route').value, ...entries(s, dc, 'tcp-route').value] as (Route & StoredEntry)[];
  const orphans = entries(s, dc, 'bound-api-gateway').value.filter(({ Name }) => !entry(s, dc, 'api-gateway', Name).value);
  const ops: Op[] = orphans.map(({ Name }) => ({ type: 'delete-entry', dc, kind: 'bound-api-gateway', name: Name }));
  const say = (about: (ApiGateway | Route) & StoredEntry, findings: readonly Finding[]): void => {
    const before: Status = about.Status;
    if (sameFindings(before.Conditions ?? [], findings)) return;
    ops.push({ type: 'entry-status', dc, kind: about.Kind, name: about.Name, status: statusOf(findings, before, now) });
  };

  const certificates = new Map(gateways.map((gateway) => [gateway, certificateFindings(s, dc, gateway)]));
  const bindings = gateways.map((gateway): Binding => {
    const accepted = certificates.get(gateway)!.every((one) => one.Status === 'True');
    return { gateway, routes: new Map(), accepted };
  });
  for (const route of routes) {
    const fitness = routeFitness(s, dc, route);
    const parents = (route.Parents ?? []).map((parent) => parentFinding(bindings, route, parent, fitness.Status === 'True'));
    say(route, [fitness, ...parents]);
  }
  for (const binding of bindings) {
    const { gateway, accepted } = binding;
    const conflicts = (gateway.Listeners ?? []).map((listener) => {
      const many = listener.Protocol === 'tcp' && (binding.routes.get(listener.Name) ?? []).length > 1;
      return many ? conflict(listenerOf(gateway, listener.Name)) : noConflict(listenerOf(gateway, listener.Name));
    });
    const whole = accepted ? gatewayAccepted() : badCertificates();
    say(gateway as ApiGateway & StoredEntry, [...certificates.get(gateway as ApiGateway & StoredEntry)!, whole, ...conflicts]);
    // Writing what is there already changes nothing.
    ops.push({ type: 'put-entry', dc, entry: boundEntry(s, dc, binding) });
  }
  return ops;
}

/** One for each listener. */
function certificateFindings(s: Snapshot, dc: string, gateway: ApiGateway): Finding[] {
  return (gateway.Listeners ?? []).map((listener) => {
    const missing = listener.TLS.Certificates?.find((one) => !entry(s, dc, one.Kind, one.Name).value);
    const at = listenerOf(gateway, listener.Name);
    return missing ? noCertificate(at, missing.Name) : resolvedRefs(at);
  });
}

/** Whether each of its services can be called, and as what the route carries. */
function routeFitness(s: Snapshot, dc: string, route: Route): Finding {
  const services = servicesOf(route);
  if (services.length === 0) return noUpstreams();
  for (const service of services) {
    const compiled = compileChain(s, { dc, service, trustDomain: '' });
    if (!compiled.ok) return badChain(compiled.error.message);
    if (compiled.value.protocol !== protocolOf(route)) return badChain('route protocol does not match targeted service protocol');
  }
  return routeAccepted();
}

function parentFinding(bindings: readonly Binding[], route: Route, parent: Reference, accepted: boolean): Finding {
  const binding = bindings.find(({ gateway }) => gateway.Name.toLowerCase() === parent.Name.toLowerCase());
  if (!binding) return noGateway(parent);
  const why = bindRoute(binding, route, parent, accepted);
  return why === undefined ? bound(parent) : unbound(parent, why);
}

function boundEntry(s: Snapshot, dc: string, { gateway, routes }: Binding): BoundApiGateway {
  const services: Record<string, Reference[]> = Object.create(null) as Record<string, Reference[]>;
  for (const route of new Set([...routes.values()].flat())) {
    for (const service of servicesOf(route)) services[service] = [...(services[service] ?? []), referenceTo(route)];
  }
  return boundApiGateway.normalize({
    Kind: boundApiGateway.kind,
    Name: gateway.Name,
    Listeners: (gateway.Listeners ?? []).map(({ Name, TLS }) => {
      const found = TLS.Certificates?.filter((one) => entry(s, dc, one.Kind, one.Name).value) ?? [];
      const here = routes.get(Name) ?? [];
      return { Name, ...(here.length > 0 ? { Routes: here.map(referenceTo) } : {}), ...(found.length > 0 ? { Certificates: found } : {}) };
    }),
    ...(Object.keys(services).length > 0 ? { Services: services } : {}),
  } as BoundApiGateway);
}

const listenerOf = ({ Name }: ApiGateway, listener: string): Reference => ({ Kind: 'api-gateway', Name, SectionName: listener });
const referenceTo = ({ Kind, Name }: Route): Reference => ({ Kind, Name, SectionName: '' });

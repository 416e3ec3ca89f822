import { connectInstances, entries, type Instance, serviceInstances } from '../catalog/queries.ts';
import type { Snapshot } from '../catalog/snapshot.ts';

interface Listeners {
  readonly Listeners?: readonly { readonly Services?: readonly { readonly Name?: string }[] }[];
}

/** Instances of the ingress gateways that a service is offered by, by name or by wildcard. */
export function ingressInstances(snapshot: Snapshot, dc: string, service: string): Instance[] {
  const name = service.toLowerCase();
  const offering = entries(snapshot, dc, 'ingress-gateway').value.filter((entry) =>
    (entry as Listeners).Listeners?.some((listener) => listener.Services?.some(({ Name }) => Name === '*' || Name?.toLowerCase() === name)),
  );
  return offering
    .flatMap((entry) => serviceInstances(snapshot, dc, entry.Name).value)
    .filter((found) => found.service.Kind === 'ingress-gateway');
}

/** The address under which a transparent proxy takes traffic for a service, if its sidecars have one. */
export function virtualAddress(snapshot: Snapshot, dc: string, service: string): string | undefined {
  const sidecars = connectInstances(snapshot, dc, service).value;
  return sidecars.map((sidecar) => sidecar.service.TaggedAddresses['consul-virtual']?.Address).find((address) => address !== undefined);
}

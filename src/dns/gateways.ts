import { entries, type Instance, serviceInstances } from '../catalog/queries.ts';
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

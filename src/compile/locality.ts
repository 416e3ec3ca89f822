import { type Instance, node as nodeNamed, serviceById } from '../catalog/queries.ts';
import type { Snapshot } from '../catalog/snapshot.ts';
import type { Node, Service } from '../catalog/types.ts';

/** Where something runs, as clouds name it. */
export interface Locality {
  readonly region: string;
  readonly zone: string;
}

/** Of a proxy: its own, else that of the service that it stands for, else that of its node. */
export function localityOf(s: Snapshot, dc: string, service: Service, node: Node | undefined): Locality | undefined {
  const application = serviceById(s, dc, service.Node, service.Proxy?.DestinationServiceID ?? '');
  const { Region: region = '', Zone: zone = '' } = service.Locality ?? application?.Locality ?? node?.Locality ?? {};
  return region === '' && zone === '' ? undefined : { region, zone };
}

/** The same of a registered proxy. */
export function localityOfProxy(s: Snapshot, dc: string, service: Service): Locality | undefined {
  return localityOf(s, dc, service, nodeNamed(s, dc, service.Node));
}

/** 0 for an instance in the caller's zone, 1 in its region, 2 anywhere else. Zones of different regions may have one name. */
export function distanceOf(s: Snapshot, dc: string, from: Locality, { service, node }: Instance): number {
  const there = localityOf(s, dc, service, node);
  if (there?.region !== from.region) return 2;
  return there.zone === from.zone ? 0 : 1;
}

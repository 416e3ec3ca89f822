import { entries } from '../catalog/queries.ts';
import type { Snapshot } from '../catalog/snapshot.ts';
import type { StoredEntry } from '../catalog/types.ts';
import type { ServiceDefaults } from '../entries/service-defaults.ts';
import type { ServiceResolver } from '../entries/service-resolver.ts';
import type { ServiceRouter } from '../entries/service-router.ts';
import type { ServiceSplitter } from '../entries/service-splitter.ts';
import { readTrafficMeta } from '../entries/traffic-meta.ts';

/** A place of an entry that leads calls to a service, or to a subset of it. */
export interface Reference {
  readonly entry: StoredEntry;
  /** Of its fields `Service` and `ServiceSubset`. */
  readonly path: string;
  readonly service: string;
  /** Empty: none is named. */
  readonly subset: string;
  /** In another datacenter, or with a peer. */
  readonly elsewhere: boolean;
}

interface Destination {
  readonly Service?: string | undefined;
  readonly ServiceSubset?: string | undefined;
  readonly Datacenter?: string | undefined;
  readonly Datacenters?: readonly string[] | undefined;
  readonly Peer?: string | undefined;
}

/** All places of the entries of a datacenter that lead calls somewhere. */
export function references(s: Snapshot, dc: string): Reference[] {
  return entries(s, dc).value.flatMap((entry) =>
    destinations(entry).map(([path, { Service, ServiceSubset = '', Datacenter, Datacenters, Peer }]) => ({
      entry,
      path,
      service: Service || entry.Name,
      subset: ServiceSubset,
      elsewhere: Boolean(Datacenter || Peer || Datacenters?.length),
    })),
  );
}

function destinations(entry: StoredEntry): [path: string, to: Destination][] {
  switch (entry.Kind) {
    case 'service-router':
      return (as<ServiceRouter>(entry).Routes ?? []).map(({ Destination = {} }, i) => [`Routes[${i}].Destination`, Destination]);
    case 'service-splitter':
      return (as<ServiceSplitter>(entry).Splits ?? []).map((split, i) => [`Splits[${i}]`, split]);
    case 'service-resolver':
      return ofResolver(as<ServiceResolver>(entry));
    case 'service-defaults': {
      const { mirror } = readTrafficMeta(as<ServiceDefaults>(entry).Meta);
      return mirror ? [['Meta', { Service: mirror.service, ServiceSubset: mirror.subset }]] : [];
    }
    default:
      return [];
  }
}

function ofResolver({ Redirect, Failover = {} }: ServiceResolver): [string, Destination][] {
  return [
    ...(Redirect ? ([['Redirect', Redirect]] as [string, Destination][]) : []),
    ...Object.entries(Failover).flatMap(([key, rule]): [string, Destination][] => [
      [`Failover[${key}]`, rule],
      ...(rule.Targets ?? []).map((target, i): [string, Destination] => [`Failover[${key}].Targets[${i}]`, target]),
    ]),
  ];
}

const as = <T>(entry: StoredEntry): T => entry as StoredEntry & T;

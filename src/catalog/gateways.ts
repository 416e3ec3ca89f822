import type { GatewayKind } from '../base/gateway-kind.ts';
import { compareTexts } from '../base/order.ts';
import type { EntryBase } from '../entries/kind.ts';
import { changeKeys, tablePrefix } from './keys.ts';
import {
  connectInstances,
  entries,
  entry,
  healthy,
  healthyConnectEndpoints,
  type Instance,
  type QueryResult,
  type Selection,
  serviceInstances,
  tableIndex,
} from './queries.ts';
import { datacenter, type Snapshot } from './snapshot.ts';
import type { Indexed } from './types.ts';

/** One service that a gateway serves, on one of its ports; a terminating gateway has port 0. */
export interface GatewayService extends Indexed {
  readonly gateway: string;
  readonly service: string;
  readonly kind: GatewayKind;
  readonly port: number;
  readonly protocol: string;
  readonly hosts: readonly string[];
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
  readonly sni: string;
  /** The gateway serves whatever there is. */
  readonly fromWildcard: boolean;
}

/** What is read of the entries of gateways. */
interface GatewayEntry extends EntryBase, Indexed {
  readonly Listeners?: readonly { readonly Port?: number; readonly Protocol?: string; readonly Services?: readonly Served[] | undefined }[];
  readonly Services?: readonly Served[];
}

interface Served {
  readonly Name: string;
  readonly Hosts?: readonly string[];
  readonly CAFile?: string;
  readonly CertFile?: string;
  readonly KeyFile?: string;
  readonly SNI?: string;
}

const KINDS: readonly GatewayKind[] = ['ingress-gateway', 'terminating-gateway'];

/** What a gateway serves by its config entry, by service and port. */
export function gatewayServices(s: Snapshot, dc: string, gateway: string): QueryResult<GatewayService[]> {
  const found = KINDS.map((kind) => ({ kind, ...entry(s, dc, kind, gateway) }));
  const linked = found.flatMap(({ kind, value }) => (value ? servicesOf(s, dc, value as GatewayEntry, kind) : []));
  const wild = linked.some(({ fromWildcard }) => fromWildcard);
  return {
    value: linked.sort((a, b) => compareTexts(a.service, b.service) || a.port - b.port),
    index: linked.length === 0 ? 1 : Math.max(wild ? tableIndex(s, dc, 'services') : 1, ...found.map(({ index }) => index)),
    watch: [...found.flatMap(({ watch }) => watch), changeKeys.all(dc, 'service')],
  };
}

/** Instances of the ingress gateways that let others in to a service. */
export function ingressInstances(s: Snapshot, dc: string, service: string): QueryResult<Instance[]> {
  return through(s, dc, service, 'ingress-gateway');
}

/** Who stands for a service in the mesh: its sidecars, and the terminating gateways that lead to it. */
export function meshInstances(s: Snapshot, dc: string, service: string): QueryResult<Instance[]> {
  const sidecars = connectInstances(s, dc, service);
  const gateways = through(s, dc, service, 'terminating-gateway');
  if (gateways.value.length === 0) return { ...sidecars, watch: [...sidecars.watch, ...gateways.watch] };
  return {
    value: [...sidecars.value, ...gateways.value],
    index: Math.max(sidecars.index, gateways.index),
    watch: [...sidecars.watch, ...gateways.watch],
  };
}

/**
 * Where a sidecar may send connections for a service: its own sidecars that are meant, and terminating gateways, which
 * look for themselves which instances are.
 */
export function healthyMeshEndpoints(s: Snapshot, dc: string, service: string, selection?: Selection): Instance[] {
  const gateways = through(s, dc, service, 'terminating-gateway').value;
  return [...healthyConnectEndpoints(s, dc, service, selection), ...healthy(gateways)];
}

function through(s: Snapshot, dc: string, service: string, kind: GatewayKind): QueryResult<Instance[]> {
  const linked = entries(s, dc, kind);
  const gateways = linked.value.filter((gateway) =>
    servicesOf(s, dc, gateway as GatewayEntry, kind).some((one) => one.service.toLowerCase() === service.toLowerCase()),
  );
  const found = gateways.map((gateway) => serviceInstances(s, dc, gateway.Name));
  return {
    value: found.flatMap((one) => one.value.filter((instance) => instance.service.Kind === kind)),
    index: Math.max(1, ...gateways.map((gateway) => gateway.ModifyIndex), ...found.map((one) => one.index)),
    watch: [...linked.watch, changeKeys.all(dc, 'service')],
  };
}

/** One that is named counts, not the wildcard beside it. */
function servicesOf(s: Snapshot, dc: string, gateway: GatewayEntry, kind: GatewayKind): GatewayService[] {
  const linked = new Map<string, GatewayService>();
  const listeners = gateway.Listeners ?? [{ Services: gateway.Services }];
  for (const { Port = 0, Protocol = '', Services = [] } of listeners) {
    const link = (service: string, served: Served): void => {
      const fromWildcard = served.Name === '*';
      const key = `${service.toLowerCase()}/${Port}`;
      if (fromWildcard && linked.has(key)) return;
      linked.set(key, {
        gateway: gateway.Name,
        service,
        kind,
        port: Port,
        protocol: Protocol,
        hosts: served.Hosts ?? [],
        caFile: served.CAFile ?? '',
        certFile: served.CertFile ?? '',
        keyFile: served.KeyFile ?? '',
        sni: served.SNI ?? '',
        fromWildcard,
        CreateIndex: gateway.CreateIndex,
        ModifyIndex: gateway.ModifyIndex,
      });
    };
    for (const served of Services) {
      if (served.Name === '*') for (const name of typicalServices(s, dc)) link(name, served);
      else link(served.Name, served);
    }
  }
  return [...linked.values()];
}

/** Neither proxies nor gateways, nor the servers themselves. */
function typicalServices(s: Snapshot, dc: string): string[] {
  const names = new Map<string, string>();
  for (const { Kind, Service } of datacenter(s, dc).servicesByName.values()) {
    if (Kind === '' && Service !== 'consul') names.set(Service.toLowerCase(), Service);
  }
  return [...names.values()];
}

/** Whether anything of this name is registered. */
export function isRegistered(s: Snapshot, dc: string, service: string): boolean {
  for (const _ of datacenter(s, dc).servicesByName.withPrefix(tablePrefix(service))) return true;
  return false;
}

import type { Random } from '../../base/ports.ts';
import { Watchable } from '../../base/watch.ts';
import * as queries from '../../catalog/queries.ts';
import type { Snapshot } from '../../catalog/snapshot.ts';
import type { ControlPlane } from '../../control/plane.ts';
import type { RegistryBackend } from './registry.ts';

/** Adapts the control plane to what registrations ask of it. */
export function registryBackend(control: ControlPlane, datacenter: string, random: Random): RegistryBackend {
  const proxyStates = new Watchable<ReadonlyMap<string, string>>(new Map());
  const refresh = () => {
    const served = Object.entries(control.dataplane.value.proxies).filter(([, state]) => state.ackedIndex > 0 || state.error !== undefined);
    proxyStates.set(new Map(served.map(([id, state]) => [id, state.error ?? ''])));
  };
  control.dataplane.subscribe(refresh);
  refresh();
  const nodeIds = new Map<string, string>();
  const { snapshot } = control;
  return {
    datacenter,
    proxyStates,
    commit: (ops) => control.commit(ops),
    settled: (signal) => control.synced(signal),
    entry: (dc, kind, name) => queries.entry(snapshot.value, dc, kind, name).value,
    datacenters: () => queries.datacenterNames(snapshot.value),
    services: (dc) => servicesOf(snapshot.value, dc),
    checkStatus: (dc, node, checkId) =>
      queries.nodeChecks(snapshot.value, dc, node).value.find((check) => check.CheckID === checkId)?.Status,
    host: (proxy, options) => control.host(proxy, options),
    leave: (proxy, signal) => control.leave(proxy, signal),
    unhost: (proxy) => control.unhost(proxy),
    probe: (proxy, signal) => control.probe(proxy, signal),
    nodeId(dc, node) {
      const known = queries.nodes(snapshot.value, dc).value.find((candidate) => candidate.Node === node)?.ID;
      const id = known ?? nodeIds.get(`${dc}/${node}`) ?? random.uuid();
      nodeIds.set(`${dc}/${node}`, id);
      return id;
    },
  };
}

/** See `RegistryBackend.services`. */
export function servicesOf(snapshot: Snapshot, dc: string): Map<string, { sidecars: number }> {
  const names = Object.keys(queries.services(snapshot, dc, ({ service }) => service.Kind === '').value);
  return new Map(names.map((name) => [name, { sidecars: queries.connectInstances(snapshot, dc, name).value.length }]));
}

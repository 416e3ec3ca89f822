import { withoutGeneration } from '../../base/generation.ts';
import type { BlueprintRef } from '../../blueprints/graph.ts';
import type { BlueprintMetadata } from '../../blueprints/metadata.ts';
import { resourceTypeOf } from '../../blueprints/resources/index.ts';
import * as queries from '../../catalog/queries.ts';
import type { Snapshot } from '../../catalog/snapshot.ts';
import { serviceProtocol } from '../../compile/protocol.ts';
import { buildProxyConfig } from '../../compile/proxy.ts';
import type { ProxyReport, ServiceReport, StatusReport } from '../rpc/status.ts';
import { VERSION } from '../version.ts';
import type { AgentParts } from './handlers.ts';
import { followPorts, openedPorts } from './opened-ports.ts';
import { runReports, workloadReports } from './workload-reports.ts';

/** What runs, from everything the agent knows. */
export async function statusReport(parts: AgentParts): Promise<StatusReport> {
  const { engine, control, forwards, home, record } = parts;
  const { state } = engine.journal;
  const owners = (ids: readonly string[]) => ids.map((id) => state.blueprints.get(id)?.name ?? id);
  const { value: dataplane } = control.dataplane;
  return {
    version: 1,
    agent: {
      pid: record.pid,
      version: VERSION,
      http: record.http,
      ...(parts.dns.value === undefined ? {} : { dns: parts.dns.value }),
      home: home.root,
      since: time(parts.startedAt),
      index: control.snapshot.value.index,
      dataplane: {
        pid: dataplane.pid,
        ...(dataplane.pids && { pids: dataplane.pids }),
        connected: dataplane.connected,
        ...(dataplane.version === undefined ? {} : { version: dataplane.version }),
      },
      addresses: parts.driver.addressMode,
    },
    blueprints: [...state.blueprints.values()].map(({ name, id, since, paused, metadata, buildsOn = [] }) => ({
      name,
      id,
      since: time(since),
      ...(buildsOn.length > 0 ? { buildsOn: buildsOn.map((base) => base.name) } : {}),
      ...(paused ? { paused } : {}),
      ...(metadata ? { metadata: followPorts(metadata, openedPorts(forwards.list())) as BlueprintMetadata } : {}),
    })),
    resources: [...state.resources.values()].map(({ resource, status, owners: ids, since, error }) => ({
      key: resource.key,
      status,
      owners: owners(ids),
      since: time(since),
      ...(error === undefined ? {} : { error }),
    })),
    workloads: await workloadReports(parts),
    runs: await runReports(parts),
    services: serviceReports(parts),
    proxies: proxyReports(parts),
    ingresses: forwards
      .list()
      .filter(({ address }) => address === undefined)
      .map(({ id, hostPort, wantedPort, target, error }) => ({
        id: withoutGeneration(id).split(':', 1)[0]!,
        url: `http://localhost:${hostPort}`,
        ...(wantedPort === hostPort || wantedPort === 0 ? {} : { movedFrom: wantedPort }),
        target,
        ...(error === undefined ? {} : { error }),
      })),
    outputs: outputsOf(parts),
  };
}

export function outputsOf({ engine, forwards }: Pick<AgentParts, 'engine' | 'forwards'>): Record<string, unknown> {
  const opened = openedPorts(forwards.list());
  const outputs: Record<string, unknown> = {};
  for (const { resource } of engine.journal.state.resources.values()) {
    const type = resourceTypeOf(resource.type);
    if (type?.output) outputs[resource.name] = followPorts(type.output(resource.spec), opened);
  }
  return outputs;
}

/** Pages to open after a run: those of what it made, and of the blueprint if it made anything. */
export function pagesOf(
  { engine, forwards }: Pick<AgentParts, 'engine' | 'forwards'>,
  blueprint: BlueprintRef,
  made: ReadonlySet<string>,
): string[] {
  const pages = [...made].flatMap((key) => {
    const record = engine.journal.state.resources.get(key);
    return record ? (resourceTypeOf(record.resource.type)?.browse?.(record.resource.spec, record.reservation) ?? []) : [];
  });
  const windows = followPorts(blueprint.metadata?.browserWindows ?? [], openedPorts(forwards.list())) as string[];
  return made.size === 0 ? [] : [...new Set([...pages, ...windows])];
}

function serviceReports({ control }: AgentParts): ServiceReport[] {
  const snapshot = control.snapshot.value;
  return queries.datacenterNames(snapshot).flatMap((dc) => {
    const names = Object.keys(queries.services(snapshot, dc).value).filter((name) => name !== 'consul');
    return names.flatMap((name) => serviceReport(snapshot, dc, name));
  });
}

function serviceReport(snapshot: Snapshot, datacenter: string, name: string): ServiceReport[] {
  const instances = queries.serviceInstances(snapshot, datacenter, name).value.filter((instance) => instance.service.Kind === '');
  if (instances.length === 0) return [];
  const reports = instances.map(({ node, service, checks }) => ({
    id: service.ID,
    node: node.Node,
    address: `${service.Address}:${service.Port}`,
    health: queries.worstStatus(checks),
  }));
  return [{ name, datacenter, protocol: serviceProtocol(snapshot, datacenter, name), instances: reports }];
}

function proxyReports({ control }: AgentParts): ProxyReport[] {
  const { trustDomain, snapshot, dataplane } = control;
  return Object.entries(dataplane.value.proxies).flatMap(([id, state]) => {
    const built = buildProxyConfig(snapshot.value, id, { trustDomain, extraLoopback: true });
    if (!built.ok) return [];
    const { service, inbound, outbound } = built.value;
    return [
      {
        id,
        service,
        ...(inbound ? { protocol: inbound.protocol, listen: `${inbound.bind.address}:${inbound.bind.port}` } : {}),
        upstreams: outbound.map(({ name, protocol, binds }) => ({ name, protocol, listen: `${binds[0]?.address}:${binds[0]?.port}` })),
        configIndex: state.configIndex,
        servesIndex: state.ackedIndex,
        ...(state.error === undefined ? {} : { error: state.error }),
      },
    ];
  });
}

const time = (ms: number): string => new Date(ms).toISOString();

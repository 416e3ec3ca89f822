import type { Diagnostic } from '../base/diagnostic.ts';
import { POD_IP, POD_UID } from '../base/pod.ts';
import type { ServiceDefinition, UpstreamDefinition, WrittenCall } from '../base/registration.ts';
import { errorAtKey, errorHere, type Place, rangeAt, under } from '../schema/place.ts';
import type { Group } from './job-schema.ts';
import { type PortTable, portCalled } from './ports.ts';
import type { Service, Upstream } from './service-schema.ts';

/** A service of a group or of one of its tasks, before the names in its texts are known. */
export interface PlacedService {
  readonly service: Service;
  readonly at: Place;
  /** The task that it is of; absent: the group. */
  readonly task?: string;
}

export interface Upstreams {
  readonly upstreams: readonly UpstreamDefinition[];
  readonly calls: readonly WrittenCall[];
}

/** What a group and its tasks are registered as. */
export function servicesOf(group: Group, at: Place): PlacedService[] {
  const own = (group.service ?? []).map((service, i) => ({
    service,
    at: under(at, 'service', i),
    ...(service.task === undefined ? {} : { task: service.task }),
  }));
  const ofTasks = group.task.flatMap((task, i) =>
    (task.service ?? []).map((service, j) => ({ service, at: under(at, 'task', i, 'service', j), task: task.name })),
  );
  return [...own, ...ofTasks];
}

/** Whether a service gets a sidecar. Reports what its block can't have. */
export function checkConnect({ service, at }: PlacedService, group: Group, out: Diagnostic[]): boolean {
  const { connect } = service;
  if (service.provider === 'nomad') {
    out.push(errorHere(under(at, 'provider'), 'services are registered in Consul here', { hint: 'leave "provider" out' }));
  }
  if (!connect) return false;
  const place = under(at, 'connect');
  if (connect.native) {
    const detail = 'a task that speaks mutual TLS itself gets no certificates here';
    out.push(
      errorHere(under(place, 'native'), 'native services of the mesh are not supported', {
        detail,
        hint: 'write sidecar_service {} instead',
      }),
    );
    return false;
  }
  if (!connect.sidecar_service) {
    out.push(errorAtKey(place, '"connect" says nothing', { hint: 'for a sidecar write: connect { sidecar_service {} }' }));
    return false;
  }
  const mode = group.network?.[0]?.mode ?? 'host';
  if (mode !== 'bridge' && !mode.startsWith('cni/')) {
    // The sentence is Nomad's.
    const summary = `Consul Connect sidecars require bridge network, found "${mode}" in group "${group.name}"`;
    out.push(errorAtKey(place, summary, { hint: 'give the group: network { mode = "bridge" }' }));
  }
  return true;
}

/** The upstreams of the sidecars of a group, which all its tasks can call. */
export function upstreamsOf(services: readonly PlacedService[], { ports }: PortTable, out: Diagnostic[]): Upstreams {
  const owners = new Map(Object.entries(ports).map(([label, port]) => [port, `the port "${label}" of the group`]));
  const upstreams: UpstreamDefinition[] = [];
  const calls: WrittenCall[] = [];
  for (const { service, at } of services) {
    for (const [i, written] of (service.connect?.sidecar_service?.proxy?.upstreams ?? []).entries()) {
      const place = under(at, 'connect', 'sidecar_service', 'proxy', 'upstreams', i);
      checkNamespace(written, place, out);
      const owner = owners.get(written.local_bind_port);
      if (owner !== undefined) {
        const summary = `port ${written.local_bind_port} of the upstream "${written.destination_name}" is taken by ${owner}`;
        out.push(errorHere(under(place, 'local_bind_port'), summary, { hint: 'give it a port of its own' }));
      }
      owners.set(written.local_bind_port, `the upstream "${written.destination_name}"`);
      upstreams.push(upstreamOf(written));
      const { destination_name: service, datacenter } = written;
      if (written.destination_type !== 'prepared_query') calls.push({ service, datacenter, at: rangeAt(under(place, 'destination_name')) });
    }
  }
  return { upstreams, calls };
}

function checkNamespace({ destination_namespace: namespace }: Upstream, at: Place, out: Diagnostic[]): void {
  if (namespace !== '' && namespace !== 'default') {
    out.push(
      errorHere(under(at, 'destination_namespace'), 'namespaces need Consul Enterprise', { hint: 'leave "destination_namespace" out' }),
    );
  }
}

function upstreamOf({
  destination_name: service,
  destination_type: type,
  datacenter,
  local_bind_address,
  local_bind_port,
  config,
  mesh_gateway,
}: Upstream): UpstreamDefinition {
  const mode = mesh_gateway?.mode ?? '';
  return {
    service,
    ...(type === 'prepared_query' ? { isQuery: true } : {}),
    datacenter,
    localAddress: local_bind_address,
    localPort: local_bind_port,
    config: { ...config, ...(mode === '' ? {} : { mesh_gateway: { mode } }) },
  };
}

/** The sidecar of an allocation's first service; the others count on. */
const SIDECAR_PORT = 20000;

interface Registering {
  readonly group: Group;
  readonly ports: PortTable;
  /** How many sidecars come before. */
  readonly sidecars: number;
  readonly hasSidecar: boolean;
  readonly defaultName: string;
  /** The text with its names replaced. */
  readonly fill: (text: string, at: Place) => string;
}

/** What Nomad registers for an allocation. */
export function registrationOf(
  { service, at }: PlacedService,
  { group, ports, sidecars, hasSidecar, defaultName, fill }: Registering,
  out: Diagnostic[],
): ServiceDefinition {
  const name = fill(service.name ?? defaultName, under(at, 'name'));
  const label = service.port ?? '';
  const port = label === '' ? 0 : portCalled(label, ports, under(at, 'port'), out);
  const proxy = service.connect?.sidecar_service?.proxy;
  const id = `_nomad-task-${POD_UID}-group-${group.name}-${name}-${label}`;
  const meta = Object.entries(service.meta ?? {}).map(([key, value]) => [key, fill(value, under(at, 'meta', key))] as const);
  return {
    name,
    id,
    port: proxy?.local_service_port ?? port,
    address: '',
    tags: (service.tags ?? []).map((tag, i) => fill(tag, under(at, 'tags', i))),
    meta: { 'external-source': 'nomad', ...Object.fromEntries(meta) },
    checks: (service.check ?? []).map((check, i) => {
      const place = under(at, 'check', i);
      const number = check.port === undefined ? port : portCalled(check.port, ports, under(place, 'port'), out);
      const times = { intervalMs: check.interval / 1e6, timeoutMs: check.timeout / 1e6 };
      const words = {
        id: `${id}-${i}`,
        name: check.name === undefined ? `service: "${name}" check` : fill(check.name, under(place, 'name')),
      };
      if (check.type === 'script')
        return { ...words, action: { type: 'ttl' as const, ttlMs: times.intervalMs + times.timeoutMs }, ...times };
      if (check.type !== 'http') return { ...words, action: { type: 'tcp' as const, address: `${POD_IP}:${number}` }, ...times };
      const url = `${check.protocol}://${POD_IP}:${number}${fill(check.path ?? '/', under(place, 'path'))}`;
      return { ...words, action: { type: 'http' as const, url, method: check.method, headers: check.header ?? {} }, ...times };
    }),
    ...(hasSidecar
      ? { sidecar: { port: SIDECAR_PORT + sidecars, upstreams: (proxy?.upstreams ?? []).map(upstreamOf), config: { ...proxy?.config } } }
      : {}),
  };
}

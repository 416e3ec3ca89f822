import { errorAt, warningAt } from '../../base/diagnostic.ts';
import { isIpv4 } from '../../base/ipv4.ts';
import { listenPorts } from '../../base/listen-ports.ts';
import type { ServiceDefinition } from '../../base/registration.ts';
import type { Mount, Probe, Workload } from '../../base/workload.ts';
import { builtinImage, unresolvedImageHint } from '../../images/builtin.ts';
import {
  any,
  bool,
  type Decoded,
  duration,
  int,
  list,
  map,
  object,
  optional,
  port,
  required,
  string,
  withDefault,
} from '../../schema/schema.ts';
import { networkAttachment, shipyardNames } from '../attachment.ts';
import { closeHostPorts, type HostPort, hostPortGuards, openHostPorts, type PortMap, reserveHostPorts } from '../host-ports.ts';
import { type Instance, instanceGuards, isHealthy, isReady, portsOf, startInstance, stopInstance } from '../instance.ts';
import { type LowerContext, resourceType } from '../resource-type.ts';
import { readServiceDefinitions } from '../service-files.ts';
import { contains, isReserved, parseSubnet } from '../subnet.ts';
import type { NetworkSpec } from './network.ts';

const schema = object({
  image: required(
    object({
      name: required(string(), 'Image reference, such as "nicholasjackson/fake-service:v0.24.2".'),
      username: optional(string(), 'Registry user. Accepted; built-in images need none.'),
      password: optional(string(), 'Registry password. Accepted; built-in images need none.'),
    }),
    'The image to run.',
  ),
  network: optional(list(networkAttachment), 'Networks it is attached to; the first one gives its address.'),
  entrypoint: optional(list(string()), "Replaces the image's entry point."),
  command: optional(list(string()), "Replaces the image's arguments."),
  env: optional(
    list(object({ key: required(string(), 'Name.'), value: required(string(), 'Value.') })),
    'Environment variables, one block each.',
  ),
  env_var: optional(map(string()), 'Environment variables, as one object.'),
  volume: optional(
    list(
      object({
        source: required(string(), 'File or folder, relative to the blueprint.'),
        destination: required(string(), 'Where the workload sees it.'),
        type: withDefault(string(['bind', 'volume', 'tmpfs']), 'bind', 'Kind of volume.'),
        read_only: withDefault(bool(), false, 'Not enforced for local processes.'),
      }),
    ),
    'Files and folders that the workload reads.',
  ),
  port: optional(
    list(
      object({
        local: required(port(), 'Port of the workload.'),
        remote: optional(port(), 'Accepted for compatibility; the local port is used.'),
        host: optional(port(), 'Port to open on 127.0.0.1.'),
        protocol: optional(string(['tcp', 'udp']), 'Only tcp ports are opened.'),
        open_in_browser: optional(string(), 'Path to open in a browser.'),
      }),
    ),
    'Ports of the workload that are opened on this machine.',
  ),
  health_check: optional(
    object({
      timeout: withDefault(duration(), 30e9, 'Accepted; `run --timeout` limits the wait.'),
      http: optional(string(), 'URL that must answer, such as "http://localhost:9090/health".'),
      http_success_codes: optional(list(int(100, 599)), 'Status codes that count as healthy; 200 by default.'),
      tcp: optional(string(), 'host:port that must accept.'),
    }),
    'When it counts as ready. By default: when its known ports accept.',
  ),
  privileged: optional(bool(), 'Accepted; local processes have the rights of the user.'),
  max_restart_count: optional(int(0), 'Accepted; workloads are restarted with back-off.'),
  resources: optional(any(), 'Accepted; limits are not enforced for local processes.'),
});

export interface ContainerSpec {
  readonly workload: Omit<Workload, 'address'>;
  readonly network: { readonly key?: string; readonly wanted?: string };
  readonly services: readonly ServiceDefinition[];
  readonly hostPorts: readonly HostPort[];
}

interface Reserved {
  readonly address: string;
  readonly ports: PortMap;
}

const VM_SIDECAR_PORT = 21000;
/** Where containers without a network live. */
const DEFAULT_SUBNET = '10.4.0.0/16';

export const container = resourceType<Decoded<typeof schema>, ContainerSpec, Reserved>({
  type: 'container',
  schema,
  doc: 'One application: a process of its own, on an address of its own.',

  async lower(config, context) {
    const image = builtinImage(config.image.name);
    if (!image) {
      context.report(
        errorAt(context.at('image.name'), `image ${JSON.stringify(config.image.name)} can't run here`, {
          hint: unresolvedImageHint(config.image.name),
        }),
      );
    }
    const env: Record<string, string> = { ...config.env_var };
    for (const { key, value } of config.env ?? []) env[key] = value;
    const mounts = await lowerVolumes(config.volume ?? [], context);
    const services = image?.vm ? await readServiceDefinitions(mounts, context) : [];
    const appPorts = new Set([
      ...listenPorts({ ...image?.env, ...env }),
      ...services.map((service) => service.port),
      ...(config.port ?? []).map((port) => port.local),
    ]);
    const id = `container.${context.name}`;
    return {
      workload: {
        id,
        name: context.name,
        image: config.image.name,
        ...(config.entrypoint ? { entrypoint: config.entrypoint } : {}),
        ...(config.command ? { command: config.command } : {}),
        env,
        ports: [...appPorts].filter((port) => port > 0).map((port) => ({ port })),
        upstreamPorts: services.flatMap((service) => service.sidecar?.upstreams.map((upstream) => upstream.localPort) ?? []),
        names: shipyardNames(
          context.name,
          'container',
          (config.network ?? []).flatMap((network) => network.aliases ?? []),
        ),
        mounts,
        readiness: lowerReadiness(config.health_check, [...appPorts], services, context),
        liveness: [],
        stopDeadlineMs: 10_000,
      },
      network: lowerNetwork(config.network ?? [], context),
      services,
      hostPorts: (config.port ?? []).flatMap(({ host, local }) => (host === undefined ? [] : [{ host, target: local }])),
    };
  },

  async reserve(key, spec, context, options) {
    const { key: network, wanted } = spec.network;
    const subnet = network === undefined ? DEFAULT_SUBNET : (context.record(network).spec as NetworkSpec).subnet;
    const ports = portsOf([spec.workload], spec.services, VM_SIDECAR_PORT);
    const address = await context.allocate({
      owner: key,
      subnet,
      ports,
      names: spec.workload.names,
      ...(wanted === undefined ? {} : { wanted }),
    });
    return { address, ports: await reserveHostPorts(spec.hostPorts, context, options.ports) };
  },

  async create(key, spec, reserved, context, options) {
    await startInstance(instanceOf(spec, reserved), context, options);
    const workloads = workloadsOf(spec, reserved);
    context.forwards.publish(
      key,
      () => (isReady(workloads, context) ? [reserved.address] : []),
      (port) => port,
    );
    openHostPorts(key, key, spec.hostPorts, reserved.ports, context);
  },

  guards: (key, spec, reserved, context) => [
    ...instanceGuards(instanceOf(spec, reserved), context),
    ...hostPortGuards(key, spec.hostPorts, reserved.ports, context),
  ],

  async destroy(key, spec, reserved, context) {
    closeHostPorts(key, spec.hostPorts, reserved?.ports ?? {}, context);
    context.forwards.withdraw(key);
    await stopInstance(instanceOf(spec, reserved ?? { address: '', ports: {} }), context);
    if (reserved) await context.release([reserved.address]);
  },

  healthy: (spec, reserved, context) => isHealthy(workloadsOf(spec, reserved), context),
  hostPorts: (spec) => spec.hostPorts.map((port) => port.host),
});

function workloadsOf(spec: ContainerSpec, reserved: Reserved): Workload[] {
  return [{ ...spec.workload, address: reserved.address }];
}

function instanceOf(spec: ContainerSpec, reserved: Reserved): Instance {
  return {
    name: spec.workload.name,
    workloads: workloadsOf(spec, reserved),
    services: spec.services,
    address: reserved.address,
    node: { name: spec.workload.name, address: reserved.address, meta: {} },
    sidecarPort: VM_SIDECAR_PORT,
  };
}

function lowerNetwork(networks: readonly Decoded<typeof networkAttachment>[], context: LowerContext): ContainerSpec['network'] {
  const first = networks[0];
  if (!first) return {};
  const config = context.config(first.name) as { subnet?: string } | undefined;
  const subnet = parseSubnet(config?.subnet ?? '');
  const wanted = first.ip_address;
  if (subnet && wanted !== undefined && !isIpv4(wanted)) {
    const detail = 'expected four numbers from 0 to 255: "10.5.0.110"';
    context.report(
      errorAt(context.at('network[0].ip_address'), `"ip_address" is not an IPv4 address: ${JSON.stringify(wanted)}`, { detail }),
    );
  } else if (subnet && wanted !== undefined && isReserved(subnet, wanted)) {
    const detail = 'the first address names the network, the last one is for broadcast';
    context.report(errorAt(context.at('network[0].ip_address'), `address ${wanted} of ${first.name} is not for a workload`, { detail }));
  } else if (subnet && wanted !== undefined && !contains(subnet, wanted)) {
    context.report(
      errorAt(context.at('network[0].ip_address'), `address ${wanted} is outside ${first.name}`, {
        detail: `${first.name} is ${subnet.cidr}`,
      }),
    );
  }
  return { key: first.name, ...(wanted === undefined ? {} : { wanted }) };
}

async function lowerVolumes(
  volumes: readonly { source: string; destination: string; read_only: boolean }[],
  context: LowerContext,
): Promise<Mount[]> {
  const mounts: Mount[] = [];
  for (const [i, volume] of volumes.entries()) {
    const path = context.resolvePath(volume.source);
    if (!(await context.exists(path))) {
      const detail = 'the workload will not find it; a container engine would make an empty folder';
      context.report(warningAt(context.at(`volume[${i}].source`), `${JSON.stringify(volume.source)} does not exist`, { detail }));
    }
    mounts.push({ destination: volume.destination, source: { path }, readOnly: volume.read_only });
  }
  return mounts;
}

function lowerReadiness(
  check: { http?: string; http_success_codes?: number[]; tcp?: string } | undefined,
  ports: readonly number[],
  services: readonly ServiceDefinition[],
  context: LowerContext,
): Probe[] {
  const probes: Probe[] = [];
  const add = (action: Probe['action'], periodMs = 10_000, timeoutMs = 1000): void => {
    probes.push({ action, initialDelayMs: 0, periodMs, timeoutMs, successThreshold: 1, failureThreshold: 1 });
  };
  if (check?.http !== undefined) {
    const url = parseUrl(check.http);
    if (url) add({ type: 'http', port: url.port, path: url.path, headers: {}, codes: check.http_success_codes ?? [200] });
    else context.report(errorAt(context.at('health_check.http'), `"http" is not an http:// URL: ${JSON.stringify(check.http)}`));
  }
  if (check?.tcp !== undefined) {
    const port = Number(/:(\d+)$/.exec(check.tcp)?.[1]);
    if (port > 0) add({ type: 'tcp', port });
    else context.report(errorAt(context.at('health_check.tcp'), `"tcp" is not host:port: ${JSON.stringify(check.tcp)}`));
  }
  for (const { action, intervalMs, timeoutMs } of services.flatMap((service) => service.checks)) {
    const url = action.type === 'http' ? parseUrl(action.url) : undefined;
    if (action.type === 'http' && url) {
      const headers = Object.fromEntries(Object.entries(action.headers).map(([name, values]) => [name, values.join(', ')]));
      add({ type: 'http', port: url.port, path: url.path, headers, codes: [] }, intervalMs, timeoutMs);
    } else if (action.type === 'tcp') {
      add({ type: 'tcp', port: Number(/:(\d+)$/.exec(action.address)?.[1]) }, intervalMs, timeoutMs);
    }
  }
  if (probes.length === 0) for (const port of ports) add({ type: 'tcp', port });
  return probes;
}

function parseUrl(text: string): { port: number; path: string } | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.protocol === 'http:' ? { port: Number(url.port || 80), path: url.pathname + url.search } : undefined;
}

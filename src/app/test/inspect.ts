import type { Workload } from '../../base/workload.ts';
import type { RunningResource } from '../../blueprints/loaded.ts';
import type { Json } from '../../schema/located.ts';
import type { WorkloadReport } from '../rpc/status.ts';

/** What lowering leaves of a container or sidecar, as far as it is shown. */
interface ContainerLike {
  readonly workload?: Partial<Workload>;
  readonly network?: { readonly network?: string };
  readonly hostPorts?: readonly { readonly host: number; readonly target: number }[];
}

/**
 * What `docker inspect` would tell of a container, from what its blueprint says and what runs: the same names at the same
 * places, in words of the blueprint. Host ports are those that it asks for, also where others are open instead.
 */
export function inspect(resource: RunningResource, report: WorkloadReport | undefined): Json {
  const { workload = {}, network, hostPorts = [] } = resource.spec as ContainerLike;
  const { name = resource.key.slice(resource.key.indexOf('.') + 1), image = '', env = {}, mounts = [], names = [] } = workload;
  const address = report?.address ?? resource.addresses[0] ?? '';
  const running = report !== undefined && (report.phase === 'ready' || report.phase === 'running');
  const ports = portsOf(workload, hostPorts);
  return {
    Id: resource.key,
    Name: `/${names[0] ?? name}`,
    Created: report?.since ?? '',
    Image: image,
    Path: (workload.entrypoint ?? workload.command ?? [])[0] ?? '',
    Args: [...(workload.entrypoint ?? []), ...(workload.command ?? [])].slice(1),
    LogPath: report?.log ?? '',
    RestartCount: report?.restarts ?? 0,
    State: {
      Status: running ? 'running' : (report?.phase ?? 'exited'),
      Running: running,
      Paused: report?.phase === 'paused',
      Restarting: report?.phase === 'backoff',
      Pid: report?.pid ?? 0,
      ExitCode: running ? 0 : (report?.lastExit ?? 0),
      StartedAt: report?.since ?? '',
    },
    Config: {
      Hostname: name,
      Image: image,
      Env: Object.entries(env).map(([key, value]) => `${key}=${value}`),
      Cmd: [...(workload.command ?? [])],
      Entrypoint: [...(workload.entrypoint ?? [])],
      ExposedPorts: Object.fromEntries(Object.keys(ports).map((port) => [port, {}])),
    },
    HostConfig: {
      Binds: mounts.flatMap(({ source, destination, readOnly }) =>
        'path' in source ? [`${source.path}:${destination}:${readOnly ? 'ro' : 'rw'}`] : [],
      ),
      PortBindings: Object.fromEntries(Object.entries(ports).filter(([, bindings]) => bindings !== null)),
    },
    Mounts: mounts.map(({ source, destination, readOnly }) => ({
      Type: 'bind',
      Source: 'path' in source ? source.path : '',
      Destination: destination,
      RW: !readOnly,
    })),
    NetworkSettings: {
      IPAddress: address,
      Ports: ports,
      Networks:
        network?.network === undefined ? {} : { [network.network.replace(/^network\./, '')]: { IPAddress: address, Aliases: [...names] } },
    },
  };
}

type Ports = Record<string, { HostIp: string; HostPort: string }[] | null>;

/** `{ "8500/tcp": [{ HostPort: "8500" }] }`; one that is not open to the machine has null. */
function portsOf({ ports = [] }: Partial<Workload>, hostPorts: NonNullable<ContainerLike['hostPorts']>): Ports {
  const found: Ports = {};
  for (const { port } of ports) found[`${port}/tcp`] = null;
  for (const { host, target } of hostPorts)
    found[`${target}/tcp`] = [...(found[`${target}/tcp`] ?? []), { HostIp: '127.0.0.1', HostPort: String(host) }];
  return found;
}

import type { Snapshot } from '../catalog/snapshot.ts';
import type { ServiceExpose } from '../catalog/types.ts';
import { proxyDefaultsOf, serviceDefaultsOf } from './protocol.ts';
import type { ExposedPath, SocketAddress } from './proxy-config.ts';
import type { Sidecar } from './proxy-id.ts';

type Path = Partial<NonNullable<ServiceExpose['Paths']>[number]>;

/**
 * Paths that are served in plaintext, for whoever has no identity: health checks, scrapers. The registration counts, then
 * service-defaults, then proxy-defaults; one that says something hides the others. The paths of checks (`Expose.Checks`) are not
 * among them: the agent asks the application itself.
 */
export function exposedPaths(s: Snapshot, dc: string, sidecar: Sidecar, at: SocketAddress, app: SocketAddress): ExposedPath[] {
  const { Expose, DestinationServiceName: service } = sidecar.Proxy;
  const said: readonly (readonly Path[] | undefined)[] = [
    Expose?.Paths,
    serviceDefaultsOf(s, dc, service)?.Expose.Paths as readonly Path[] | undefined,
    proxyDefaultsOf(s, dc)?.Expose.Paths as readonly Path[] | undefined,
  ];
  const paths = said.find((list) => list && list.length > 0) ?? [];
  return paths.flatMap(({ Path: path = '', ListenerPort = 0, LocalPathPort = 0, Protocol = '' }) => {
    if (path === '' || ListenerPort === 0) return [];
    const exposed = { name: `${ListenerPort}${path}`, bind: { ...at, port: ListenerPort }, path };
    const protocol = Protocol.toLowerCase() === 'http2' ? ({ protocol: 'http2' } as const) : {};
    return [{ ...exposed, app: { ...app, port: LocalPathPort || app.port }, ...protocol }];
  });
}

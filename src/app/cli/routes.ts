import type { ServiceRoutes } from '../../api/routes.ts';
import type { Topology } from '../../api/topology.ts';
import type { Input } from '../../commands/command.ts';
import { styleOf } from '../../ui/style.ts';
import type { Io } from '../io.ts';
import { openMeshApi } from '../mesh-api.ts';
import { knownService } from '../top/known-service.ts';
import { countsSoFar } from '../top/so-far.ts';
import { trafficSoFar } from './edges.ts';
import { routesText, takenRoutes } from './routes-view.ts';

/** `mesh routes [service]`: where calls of a service may go, and how many went there. */
export async function routes(input: Input, io: Io): Promise<number> {
  const { options, args } = input;
  const [service] = args;
  const dc = options['dc'] === undefined ? undefined : String(options['dc']);
  const api = await openMeshApi(io);
  const topology = await api.get<Topology>('/v1/mesh/topology', { dc });
  const found = service === undefined ? callers(topology) : knownService(topology, service);
  const wanted = found.filter(({ datacenter }) => dc === undefined || datacenter === dc);
  const answers = await Promise.all(
    wanted.map(({ name, datacenter }) => api.get<ServiceRoutes>(`/v1/mesh/routes/${encodeURIComponent(name)}`, { dc: datacenter })),
  );
  const taken = takenRoutes(answers, countsSoFar(await trafficSoFar(api, io, dc)));
  if (options['json'] === true) io.out(`${JSON.stringify(taken, undefined, 2)}\n`);
  else {
    const style = await styleOf(io.terminal.colour && io.terminal.stdoutIsTty);
    io.out(`${routesText(taken, style, io.terminal.stdoutIsTty ? io.terminal.columns : undefined)}\n`);
  }
  return 0;
}

/** Terminating gateways have no routes of their own. */
function callers({ services, edges }: Topology): Topology['services'] {
  const calling = new Set(edges.map(({ source, sourceDatacenter }) => `${sourceDatacenter}/${source}`));
  return services.filter(({ name, datacenter, kind }) => kind !== 'terminating-gateway' && calling.has(`${datacenter}/${name}`));
}

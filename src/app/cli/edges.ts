import type { Topology, TopologyEdge } from '../../api/topology.ts';
import type { Traffic } from '../../api/traffic.ts';
import { messageOf } from '../../base/errors.ts';
import { sameName } from '../../base/same-name.ts';
import type { Input } from '../../commands/command.ts';
import type { ProbeOutcome } from '../../compile/proxy-config.ts';
import { styleOf } from '../../ui/style.ts';
import { homeOf } from '../home.ts';
import type { Io } from '../io.ts';
import { type MeshApi, openMeshApi } from '../mesh-api.ts';
import { call } from '../rpc/client.ts';
import { knownService } from '../top/known-service.ts';
import { countsSoFar } from '../top/so-far.ts';
import { VERSION } from '../version.ts';
import { edgesText, type SeenEdge, seenEdges, verifiedEdges } from './edges-view.ts';

/** `mesh edges`: who is to call whom, and what has come of it. With `--verify` exit 1 when a handshake does not show what it should. */
export async function edges(input: Input, io: Io): Promise<number> {
  const { options, args } = input;
  const [service] = args;
  const dc = options['dc'] === undefined ? undefined : String(options['dc']);
  const api = await openMeshApi(io);
  const topology = await api.get<Topology>('/v1/mesh/topology', { dc });
  if (service !== undefined) knownService(topology, service);
  const isWanted = ({ source, destination }: TopologyEdge): boolean =>
    service === undefined || [source, destination].some((name) => sameName(name, service));
  const seen = seenEdges(topology.edges, countsSoFar(await trafficSoFar(api, io, dc))).filter(isWanted);
  const shown = options['verify'] === true ? verifiedEdges(seen, await probes(topology, seen, io)) : seen;
  if (options['json'] === true) io.out(`${JSON.stringify(shown, undefined, 2)}\n`);
  else {
    const style = await styleOf(io.terminal.colour && io.terminal.stdoutIsTty);
    io.out(`${edgesText(shown, style, io.terminal.stdoutIsTty ? io.terminal.columns : undefined)}\n`);
  }
  return shown.some(({ handshake }) => handshake?.state === 'failed') ? 1 : 0;
}

/** Who calls whom is known without the data plane, too. */
export async function trafficSoFar(api: MeshApi, io: Io, dc: string | undefined): Promise<Traffic> {
  try {
    return await api.get<Traffic>('/v1/mesh/traffic', { dc });
  } catch (error) {
    if (io.signal.aborted) throw error;
    io.err(`warning: calls are not counted: ${messageOf(error)}\n`);
    return { at: 0, boundsMs: [], flows: [] };
  }
}

/** What the sidecars of the sources find by handshakes with their upstreams, by source and upstream. No request is sent. */
async function probes(
  { services }: Topology,
  seen: readonly SeenEdge[],
  io: Io,
): Promise<ReadonlyMap<string, Readonly<Record<string, ProbeOutcome>>>> {
  const { agentSocket } = homeOf(io.env, io.cwd);
  const sources = new Set(seen.map(({ source, sourceDatacenter }) => `${sourceDatacenter}/${source}`));
  const found = new Map<string, Readonly<Record<string, ProbeOutcome>>>();
  for (const { name, datacenter, instances } of services) {
    const key = `${datacenter}/${name}`;
    const [first] = instances;
    if (!sources.has(key) || !first) continue;
    const proxy = first.sidecar?.id ?? `${datacenter}/${first.node}/${first.id}`;
    found.set(key, await call(agentSocket, 'probe', { proxy }, { version: VERSION, detach: io.signal }));
  }
  return found;
}

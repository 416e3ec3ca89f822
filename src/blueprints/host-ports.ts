import type { ApplyContext } from './context.ts';
import type { Guard } from './resource-type.ts';

/** A port of 127.0.0.1 that leads to a port of something published. */
export interface HostPort {
  readonly host: number;
  readonly target: number;
  /** It leads to the API of a Consul server: where the agent's own API has that port, this is it. */
  readonly api?: true;
  /** Nobody needs to listen behind it: it is opened, and not waited for. */
  readonly optional?: true;
}

/** Host port as written -> port that is really opened: they differ only after `--ports auto` had to move one. */
export type PortMap = Readonly<Record<string, number>>;

/** Chooses the ports to open: any free one for 0. With `auto` a taken one moves; otherwise the engine has refused the run before. */
export async function reserveHostPorts(ports: readonly HostPort[], context: ApplyContext, mode: 'fixed' | 'auto'): Promise<PortMap> {
  const map: Record<string, number> = {};
  for (const { host, api } of ports) {
    if (api && host === context.apiPort()) {
      map[host] = host;
      continue;
    }
    const taken = context.handedOver(host);
    if (taken !== undefined) {
      await context.claimPort(taken);
      map[host] = taken;
      continue;
    }
    const claimed = host !== 0 && (await context.claimPort(host));
    const moves = host === 0 || (mode === 'auto' && (!claimed || (await context.portHolder(host)) !== undefined));
    map[host] = moves ? await claimFreePort(context) : host;
  }
  return map;
}

/** Those that nobody else may hold. The API of a Consul server may be on the port of the agent's own (`apiPort`). */
export function fixedHostPorts(ports: readonly HostPort[], apiPort?: number): number[] {
  return ports.filter(({ api, host }) => !(api && host === apiPort)).map((port) => port.host);
}

/** The port map within a reservation of any resource that has host ports. */
export function portMapOf(reservation: unknown): PortMap {
  return (reservation as { readonly ports?: PortMap } | undefined)?.ports ?? {};
}

async function claimFreePort(context: ApplyContext): Promise<number> {
  for (;;) {
    const port = await context.freePort();
    if (await context.claimPort(port)) return port;
  }
}

export function openHostPorts(key: string, target: string, ports: readonly HostPort[], map: PortMap, context: ApplyContext): void {
  for (const port of ports) {
    const hostPort = map[port.host] ?? port.host;
    const { host: wantedPort, target: targetPort, ...flags } = port;
    context.forwards.open({ id: forwardId(key, port), hostPort, wantedPort, target, targetPort, ...flags });
  }
}

/** Lets nobody in any more; what has come in may end. */
export function retreatHostPorts(key: string, ports: readonly HostPort[], context: ApplyContext): void {
  for (const port of ports) context.forwards.close(forwardId(key, port));
}

export function closeHostPorts(key: string, ports: readonly HostPort[], map: PortMap, context: ApplyContext): void {
  for (const port of ports) {
    context.forwards.close(forwardId(key, port));
    context.releasePort(map[port.host] ?? port.host);
  }
}

export function hostPortGuards(key: string, ports: readonly HostPort[], map: PortMap, context: ApplyContext): Guard[] {
  return ports.map((port) => ({
    name: `${key}: port ${map[port.host] ?? port.host} of 127.0.0.1 accepts`,
    wait: (signal) => context.forwards.ready(forwardId(key, port), signal),
    why: async () => context.forwards.trouble(forwardId(key, port)),
  }));
}

const forwardId = (key: string, port: HostPort): string => `${key}:${port.host}`;

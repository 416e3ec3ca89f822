import type { StatusReport } from '../rpc/status.ts';

/** Port of 127.0.0.1 as the blueprint writes it -> port that is really open. */
export type MovedPorts = ReadonlyMap<number, number>;

/** Consul's default, at which feature files look for the API. */
const CONSUL_PORT = 8500;

export function movedPortsOf({ ingresses, agent }: Pick<StatusReport, 'ingresses' | 'agent'>): MovedPorts {
  const ports = new Map<number, number>([[CONSUL_PORT, portOf(agent.http)]]);
  for (const { url, movedFrom } of ingresses) ports.set(movedFrom ?? portOf(url), portOf(url));
  return ports;
}

const portOf = (url: string): number => Number(url.slice(url.lastIndexOf(':') + 1));

/** Names of this machine in feature files: Shipyard's and Jumppad's domains lead to 127.0.0.1 everywhere. */
const OURS = /^(?:localhost|127\.0\.0\.1|(?:[\w-]+\.)*(?:shipyard\.run|jumppad\.dev))$/i;

export function isThisMachine(host: string): boolean {
  return OURS.test(host);
}

/** Addresses of this machine in a text (a URL, a command, a script) lead to the ports that are really open; others stay. */
export function followMoved(text: string, ports: MovedPorts): string {
  return text.replace(/(?<![\w.-])([A-Za-z0-9][\w.-]*):(\d{1,5})(?!\d)/g, (whole, host: string, port: string) => {
    const real = isThisMachine(host) ? ports.get(Number(port)) : undefined;
    if (real === undefined) return whole;
    return `${/^(?:localhost|127\.0\.0\.1)$/i.test(host) ? host : 'localhost'}:${real}`;
  });
}

/** The same for scripts and programs that the text does not reach: `MESH_PORT_9090=41234`. */
export function portVariables(ports: MovedPorts): Record<string, string> {
  return Object.fromEntries(Array.from(ports, ([written, real]) => [`MESH_PORT_${written}`, String(real)]));
}

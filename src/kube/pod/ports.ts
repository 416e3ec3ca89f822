import type { Diagnostic } from '../../base/diagnostic.ts';
import { didYouMean } from '../../base/suggest.ts';
import type { WorkloadPort } from '../../base/workload.ts';
import type { Json } from '../../schema/located.ts';
import { errorHere, type Place } from '../../schema/place.ts';
import type { Container } from './schema.ts';

/** Kubernetes: a number, or a name of at most 15 lower-case letters, digits and dashes with a letter among them. */
export function portProblem(port: Json): string | undefined {
  if (typeof port === 'number') return Number.isInteger(port) && port >= 1 && port <= 65535 ? undefined : 'must be from 1 to 65535';
  if (typeof port !== 'string') return 'must be the number or the name of a port';
  if (/^\d+$/.test(port)) return `must be a number without quotes, or the name of a port: ${port}`;
  return isPortName(port) ? undefined : "must be the name of a port: at most 15 lower-case letters, digits and '-'";
}

export function isPortName(name: string): boolean {
  return name.length <= 15 && /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name) && /[a-z]/.test(name) && !name.includes('--');
}

/** Ports on which the containers accept TCP; the mesh carries nothing else. */
export function tcpPorts(containers: readonly Container[]): WorkloadPort[] {
  return containers.flatMap((container) =>
    container.ports
      .filter((port) => port.protocol === 'TCP')
      .map((port) => ({ port: port.containerPort, ...(port.name === undefined ? {} : { name: port.name }) })),
  );
}

/** A checked `port` or `targetPort`: the API takes either form. */
export type PortReference = number | string;

export const portReference = (port: Json): PortReference => (typeof port === 'number' ? port : typeof port === 'string' ? port : 0);

export function findPort(ports: readonly WorkloadPort[], wanted: PortReference): number | undefined {
  return typeof wanted === 'number' ? wanted : ports.find((port) => port.name === wanted)?.port;
}

/** The number behind a number or name, or what is wrong with it. `owner` starts the message: `the pod has`. */
export function resolvePort(ports: readonly WorkloadPort[], wanted: Json, at: Place, owner: string): number | Diagnostic {
  const problem = portProblem(wanted);
  if (problem !== undefined) return errorHere(at, `"${at.path.at(-1)}" ${problem}`);
  const reference = portReference(wanted);
  return findPort(ports, reference) ?? unknownPort(ports, `${reference}`, at, owner);
}

export function unknownPort(ports: readonly WorkloadPort[], wanted: string, at: Place, owner: string): Diagnostic {
  const names = ports.flatMap((port) => (port.name === undefined ? [] : [port.name]));
  const detail = names.length === 0 ? 'none of its ports has a name' : `its ports: ${names.join(', ')}`;
  return errorHere(at, `${owner} no port called "${wanted}"`, { detail, ...didYouMean(wanted, names) });
}

import type { Diagnostic } from '../base/diagnostic.ts';
import { didYouMean } from '../base/suggest.ts';
import { errorHere, type Place, under } from '../schema/place.ts';
import type { Group } from './job-schema.ts';
import type { Network } from './network-schema.ts';

/** The ports of an allocation, which are those of all its tasks. */
export interface PortTable {
  /** By label. */
  readonly ports: Readonly<Record<string, number>>;
  /** By label: the task that the port is of, for one that stands in its `resources`. */
  readonly tasks: Readonly<Record<string, string>>;
  /** By label: its `static`. */
  readonly fixed: Readonly<Record<string, number>>;
}

/** Where chosen ports begin; Nomad's are from 20000 on, which is where sidecars are here. */
const FIRST_CHOSEN = 25_000;

interface Written {
  readonly port: NonNullable<Network['port']>[number];
  readonly at: Place;
  readonly task?: string;
}

/**
 * A number for each label: the one on which the task listens. Each allocation has an address of its own, so that one which
 * Nomad would choose anew for each allocation is the same for all.
 */
export function portsOf(group: Group, at: Place, out: Diagnostic[]): PortTable {
  const written: Written[] = [
    ...ofNetworks(group.network, under(at, 'network')),
    ...group.task.flatMap((task, i) =>
      ofNetworks(task.resources?.network, under(at, 'task', i, 'resources', 'network')).map((one) => ({ ...one, task: task.name })),
    ),
  ];
  const mapped = Object.assign({}, ...group.task.map(({ config }) => legacyMap(config))) as Record<string, number>;
  const ports: Record<string, number> = {};
  const tasks: Record<string, string> = {};
  const statics: Record<string, number> = {};
  const owners = new Map<number, string>();
  let chosen = FIRST_CHOSEN;
  for (const { port, at: place, task } of written) {
    const { name, to = 0, static: fixed = 0 } = port;
    if (ports[name] !== undefined) {
      out.push(errorHere(under(place, 'name'), `port "${name}" is given twice`));
      continue;
    }
    const number = to > 0 ? to : (mapped[name] ?? (fixed > 0 ? fixed : chosen++));
    const owner = owners.get(number);
    if (owner !== undefined) {
      const detail = 'all tasks of an allocation share its address';
      out.push(errorHere(under(place, 'name'), `the ports "${owner}" and "${name}" are both ${number}`, { detail }));
    }
    owners.set(number, name);
    ports[name] = number;
    if (fixed > 0) statics[name] = fixed;
    if (task !== undefined) tasks[name] = task;
  }
  return { ports, tasks, fixed: statics };
}

function ofNetworks(networks: readonly Network[] | undefined, at: Place): Written[] {
  return (networks ?? []).flatMap((network, i) => (network.port ?? []).map((port, j) => ({ port, at: under(at, i, 'port', j) })));
}

/** `port_map { http = 8080 }` in the configuration of a driver: jobs before Nomad 0.12. */
export function legacyMap(config: unknown): Record<string, number> {
  const entries = onlyOf(onlyOf(config)['port_map']);
  return Object.fromEntries(
    Object.entries(entries)
      .map(([label, port]) => [label, typeof port === 'number' || typeof port === 'string' ? Number(port) : 0] as const)
      .filter(([, port]) => port > 0),
  );
}

/** A block, which in HCL 1 is a list of one. */
function onlyOf(value: unknown): Readonly<Record<string, unknown>> {
  const one: unknown = Array.isArray(value) ? value[0] : value;
  return typeof one === 'object' && one !== null ? (one as Record<string, unknown>) : {};
}

/** Labels that a task says are its own. */
export function claimedPorts(config: unknown): string[] {
  const { ports } = onlyOf(config);
  return [...(Array.isArray(ports) ? ports.filter((label) => typeof label === 'string') : []), ...Object.keys(legacyMap(config))];
}

/** The port that a text means: a label or a number. Reports at `at` one that there is not. */
export function portCalled(text: string, { ports }: PortTable, at: Place, out: Diagnostic[]): number {
  if (Object.hasOwn(ports, text)) return ports[text]!;
  const number = /^\d+$/.test(text) ? Number(text) : 0;
  if (number > 0 && number <= 65535) return number;
  const known = Object.keys(ports);
  const detail =
    known.length === 0 ? 'the group has none: network { port "http" { to = 9090 } }' : `ports of the group: ${known.join(', ')}`;
  out.push(errorHere(at, `there is no port ${JSON.stringify(text)}`, { detail, ...didYouMean(text, known) }));
  return 0;
}

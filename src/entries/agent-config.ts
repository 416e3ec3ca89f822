import type { ServiceDefinition } from '../base/registration.ts';
import { didYouMean } from '../base/suggest.ts';
import type { Located, LocatedEntry, LocatedMap } from '../schema/located.ts';
import { any, bool, map, object, optional, string } from '../schema/schema.ts';
import { AGENT_KEYS, NOT_DONE } from './agent-keys.ts';
import { fieldsOf } from './canonical.ts';
import { prepareEntry } from './decode.ts';
import { snakeCase } from './key-names.ts';
import type { EntryBase } from './kind.ts';
import { LenientDecoder } from './lenient.ts';
import { caution, type Problem, problem } from './problem.ts';
import { decodeServiceDefinitions } from './service-definition.ts';

/** What a configuration file of Consul's agent says, as far as it means something here. */
export interface AgentConfig {
  readonly datacenter?: string;
  readonly nodeName?: string;
  readonly server?: boolean;
  /** -1: switched off. */
  readonly httpPort?: number;
  /** `config_entries { bootstrap }`, normalized and valid. */
  readonly entries: readonly EntryBase[];
  readonly services: readonly ServiceDefinition[];
}

const schema = object({
  datacenter: optional(string(), 'Name of the datacenter.'),
  node_name: optional(string(), 'Name of the node.'),
  server: optional(bool(), 'Whether it is a server.'),
  ports: optional(map(any()), 'Ports by protocol.'),
});

/** Reads a file that `consul agent -config-file` takes: settings and service definitions side by side, several files add up. */
export function decodeAgentConfig(file: LocatedMap): { config: AgentConfig; problems: Problem[] } {
  const problems: Problem[] = [];
  const keyOf = (entry: LocatedEntry): string => snakeCase(entry.key);
  for (const entry of file.entries) {
    const key = keyOf(entry);
    const at = { at: entry.keyRange };
    if (!AGENT_KEYS.includes(key))
      problems.push(problem('alone', '', `invalid config key ${entry.key}`, { ...at, ...didYouMean(key, AGENT_KEYS) }));
    const effect = NOT_DONE[key]?.(entry.value);
    if (effect !== undefined) problems.push({ ...caution('', effect), ...(entry.keyRange ? { subject: entry.keyRange } : {}) });
  }
  const only = (...keys: string[]): LocatedMap => ({ ...file, entries: file.entries.filter((entry) => keys.includes(keyOf(entry))) });

  const decoder = new LenientDecoder((path) => `invalid config key ${path}`);
  const fields = fieldsOf(schema);
  const raw = decoder.object(only(...Object.keys(fields)), fields, '') as RawAgent;
  problems.push(...decoder.problems);

  const services = only('service', 'services');
  const defined = services.entries.length === 0 ? undefined : decodeServiceDefinitions(services);
  const prepared = bootstrapOf(only('config_entries')).map((entry) => prepareEntry(entry));
  problems.push(...(defined?.problems ?? []), ...prepared.flatMap((one) => one.problems));

  const httpPort = Number(raw.ports?.['http'] ?? Number.NaN);
  return {
    config: {
      ...(raw.datacenter ? { datacenter: raw.datacenter.toLowerCase() } : {}),
      ...(raw.node_name ? { nodeName: raw.node_name } : {}),
      ...(raw.server === undefined ? {} : { server: raw.server }),
      ...(Number.isInteger(httpPort) ? { httpPort } : {}),
      entries: prepared.flatMap((one) => (one.entry ? [one.entry] : [])),
      services: defined?.services ?? [],
    },
    problems,
  };
}

interface RawAgent {
  readonly datacenter?: string;
  readonly node_name?: string;
  readonly server?: boolean;
  readonly ports?: Readonly<Record<string, unknown>>;
}

/** `config_entries { bootstrap = [ {…} ] }` or `bootstrap { … }`, once or several times. */
function bootstrapOf({ entries }: LocatedMap): LocatedMap[] {
  return entries
    .flatMap((entry) => maps(entry.value))
    .flatMap((inner) => inner.entries.filter((entry) => snakeCase(entry.key) === 'bootstrap'))
    .flatMap((entry) => maps(entry.value));
}

function maps(value: Located): LocatedMap[] {
  if (value.type === 'list') return value.items.flatMap(maps);
  return value.type === 'map' ? [value] : [];
}

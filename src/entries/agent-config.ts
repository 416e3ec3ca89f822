import type { ServiceDefinition, WrittenCall } from '../base/registration.ts';
import type { Range } from '../base/source.ts';
import { didYouMean } from '../base/suggest.ts';
import { type LocatedEntry, type LocatedMap, mapsIn } from '../schema/located.ts';
import { bool, int, list, object, optional, string } from '../schema/schema.ts';
import { AGENT_KEYS, NOT_DONE } from './agent-keys.ts';
import { fieldsOf } from './canonical.ts';
import { isDatacenterName } from './datacenter-name.ts';
import { prepareEntry } from './decode.ts';
import { snakeCase } from './key-names.ts';
import type { EntryBase } from './kind.ts';
import { LenientDecoder } from './lenient.ts';
import { caution, type Problem, problem } from './problem.ts';
import { decodeServiceDefinitions } from './service-definition.ts';

/** What a configuration file of Consul's agent says, as far as it means something here. */
export interface AgentConfig {
  readonly datacenter?: string;
  /** Whose config entries and intentions it would take over. */
  readonly primaryDatacenter?: string;
  readonly nodeName?: string;
  readonly server?: boolean;
  /** -1: switched off. */
  readonly httpPort?: number;
  /** Hosts of the agents that it joins (`retry_join`, `start_join`). */
  readonly joins: readonly string[];
  /** `config_entries { bootstrap }`, normalized and valid. */
  readonly entries: readonly EntryBase[];
  readonly services: readonly ServiceDefinition[];
}

/** Several files: they add up, and where they contradict each other a later one is stronger. */
export function mergeAgentConfigs(configs: readonly AgentConfig[]): AgentConfig {
  const settings = Object.assign({}, ...configs) as Partial<AgentConfig>;
  return {
    ...settings,
    joins: configs.flatMap((config) => config.joins),
    entries: configs.flatMap((config) => config.entries),
    services: configs.flatMap((config) => config.services),
  };
}

const PORTS =
  'dns http https grpc grpc_tls serf_lan serf_wan server sidecar_min_port sidecar_max_port expose_min_port expose_max_port'.split(' ');

const schema = object({
  datacenter: optional(string(), 'Name of the datacenter.'),
  primary_datacenter: optional(string(), 'Whose config entries it takes over.'),
  node_name: optional(string(), 'Name of the node.'),
  server: optional(bool(), 'Whether it is a server.'),
  ports: optional(object(Object.fromEntries(PORTS.map((name) => [name, optional(int(), `Port of ${name}.`)]))), 'Ports by protocol.'),
  retry_join: optional(list(string()), 'Agents to join.'),
  start_join: optional(list(string()), 'Agents to join.'),
});

export interface DecodedAgentConfig {
  readonly config: AgentConfig;
  /** What its services have as upstreams. */
  readonly calls: readonly WrittenCall[];
  readonly problems: readonly Problem[];
}

/** Reads a file that `consul agent -config-file` takes: settings and service definitions side by side, several files add up. */
export function decodeAgentConfig(file: LocatedMap): DecodedAgentConfig {
  const problems: Problem[] = [];
  const keyOf = (entry: LocatedEntry): string => snakeCase(entry.key);
  for (const entry of file.entries) {
    const key = keyOf(entry);
    const at = { at: entry.keyRange };
    if (!AGENT_KEYS.includes(key))
      problems.push(problem('alone', '', `invalid config key ${entry.key}`, { ...at, ...didYouMean(key, AGENT_KEYS) }));
    const effect = NOT_DONE[key]?.(entry.value);
    if (effect !== undefined) problems.push(caution('', effect, at));
  }
  const only = (...keys: string[]): LocatedMap => ({ ...file, entries: file.entries.filter((entry) => keys.includes(keyOf(entry))) });

  const decoder = new LenientDecoder((path) => `invalid config key ${path}`);
  const fields = fieldsOf(schema);
  const raw = decoder.object(only(...Object.keys(fields)), fields, '') as RawAgent;
  problems.push(...decoder.problems, ...breaches(raw, decoder.ranges));

  const services = only('service', 'services');
  const defined = services.entries.length === 0 ? undefined : decodeServiceDefinitions(services);
  const { bootstrap, unknown } = entriesOf(only('config_entries'));
  const prepared = bootstrap.map((entry) => prepareEntry(entry));
  problems.push(...unknown, ...(defined?.problems ?? []), ...prepared.flatMap((one) => one.problems));

  const httpPort = raw.ports?.['http'];
  return {
    config: {
      ...(raw.datacenter ? { datacenter: raw.datacenter.toLowerCase() } : {}),
      ...(raw.primary_datacenter ? { primaryDatacenter: raw.primary_datacenter.toLowerCase() } : {}),
      ...(raw.node_name ? { nodeName: raw.node_name } : {}),
      ...(raw.server === undefined ? {} : { server: raw.server }),
      ...(httpPort === undefined ? {} : { httpPort }),
      joins: [...(raw.retry_join ?? []), ...(raw.start_join ?? [])],
      entries: prepared.flatMap((one) => (one.entry ? [one.entry] : [])),
      services: defined?.services ?? [],
    },
    calls: defined?.calls ?? [],
    problems,
  };
}

interface RawAgent {
  readonly datacenter?: string;
  readonly primary_datacenter?: string;
  readonly node_name?: string;
  readonly server?: boolean;
  readonly ports?: Readonly<Record<string, number | undefined>>;
  readonly retry_join?: readonly string[];
  readonly start_join?: readonly string[];
}

function breaches({ datacenter, ports = {} }: RawAgent, ranges: ReadonlyMap<string, Range>): Problem[] {
  const problems: Problem[] = [];
  const at = (path: string) => ({ at: ranges.get(path) });
  if (datacenter !== undefined && datacenter !== '' && !isDatacenterName(datacenter.toLowerCase()))
    problems.push(
      problem('alone', 'datacenter', `datacenter cannot be ${JSON.stringify(datacenter)}. Please use only [a-z0-9-_]`, at('datacenter')),
    );
  const { http, https = -1 } = ports;
  for (const [name, port] of Object.entries(ports))
    if (port !== undefined && port > 65535)
      problems.push(
        problem('alone', `ports.${name}`, `ports.${name}: invalid port ${port}`, { ...at(`ports.${name}`), detail: 'expected 1 to 65535' }),
      );
  const warn = (path: string, summary: string): unknown => problems.push(caution(path, summary, at(path)));
  if (http !== undefined && http <= 0)
    warn('ports.http', 'the HTTP API is not switched off: commands and applications here speak plain HTTP to it');
  if (https > 0) warn('ports.https', 'HTTPS is not served by the API of this agent: it is plain HTTP on loopback');
  return problems;
}

/** `config_entries { bootstrap = [ {…} ] }` or `bootstrap { … }`, once or several times. */
function entriesOf({ entries }: LocatedMap): { bootstrap: LocatedMap[]; unknown: Problem[] } {
  const inside = entries.flatMap((entry) => mapsIn(entry.value)).flatMap((map) => map.entries);
  const [bootstrap, others] = [inside.filter(isBootstrap), inside.filter((entry) => !isBootstrap(entry))];
  const unknown = others.map(({ key, keyRange }) =>
    problem('alone', '', `invalid config key config_entries.${key}`, { at: keyRange, ...didYouMean(key, ['bootstrap']) }),
  );
  return { bootstrap: bootstrap.flatMap((entry) => mapsIn(entry.value)), unknown };
}

const isBootstrap = ({ key }: LocatedEntry): boolean => snakeCase(key) === 'bootstrap';

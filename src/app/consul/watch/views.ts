import { parseGoBool } from '../../../base/go-parse.ts';
import { Failure } from '../command.ts';
import type { FlagValues } from '../flags.ts';
import { parseJson } from '../json.ts';
import { type KvPair, kvPath, parsePairs } from '../kv/pairs.ts';
import { goPath } from '../path.ts';
import { checksText, instancesText, nodesText } from './client-shape.ts';

/** What is watched: which query, and what its answer is to whoever watches. */
export interface View {
  readonly path: string;
  readonly query: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The JSON that is shown. `body` is undefined when there is nothing (404). */
  read(body: string | undefined): string;
}

/** Those of Consul that its command line refuses: their answers hold secrets, or are the agent's alone. */
const NOT_HERE = new Set(['connect_roots', 'connect_leaf', 'agent_service']);

/** Throws a Failure in Consul's words. */
export function viewOf(type: string, flags: FlagValues): View {
  const need = (name: string): string => flags.string(name) || fail(`Must specify a single ${name} to watch`);
  const service = flags.string('service') || undefined;
  const passing = passingOnly(flags);
  switch (type) {
    case 'key':
      return { path: kvPath(need('key')), query: {}, read: (body) => pairText(body === undefined ? undefined : parsePairs(body)[0]) };
    case 'keyprefix':
      return {
        path: kvPath(need('prefix')),
        query: { recurse: '' },
        read: (body) => (body === undefined ? 'null' : `[${parsePairs(body).map(pairText).join(',')}]`),
      };
    case 'services':
      return { path: '/v1/catalog/services', query: {}, read: sortedKeys };
    case 'nodes':
      return { path: '/v1/catalog/nodes', query: {}, read: (body = '[]') => nodesText(body) };
    case 'service':
      return {
        path: `/v1/health/service/${goPath(need('service'))}`,
        query: { passing: passing ? '1' : undefined, tag: flags.list('tag') },
        read: (body = '[]') => instancesText(body),
      };
    case 'checks': {
      const state = flags.string('state') || undefined;
      if (service !== undefined && state !== undefined) fail('Cannot specify service and state');
      const path = service === undefined ? `/v1/health/state/${goPath(state ?? 'any')}` : `/v1/health/checks/${goPath(service)}`;
      return { path, query: {}, read: (body = '[]') => checksText(body) };
    }
    case 'event':
      return { path: '/v1/event/list', query: { name: flags.string('name') || undefined }, read: asItIs };
    default:
      return fail(NOT_HERE.has(type) ? `Type ${type} is not supported in the CLI tool` : `Unsupported watch type: ${type}`);
  }
}

function passingOnly(flags: FlagValues): boolean {
  const text = flags.string('passingonly');
  if (!text) return false;
  const value = parseGoBool(text);
  return value ?? fail(`Failed to parse passingonly flag: strconv.ParseBool: parsing ${JSON.stringify(text)}: invalid syntax`);
}

const asItIs = (body = 'null'): string => JSON.stringify(parseJson(body));

/** As Go prints a map. */
function sortedKeys(body = 'null'): string {
  const services = parseJson<Readonly<Record<string, unknown>> | null>(body);
  if (services === null) return 'null';
  return `{${Object.keys(services)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${JSON.stringify(services[name])}`)
    .join(',')}}`;
}

/** In the order of the fields of Consul's client. Flags have 64 bits: they are written as they came. */
function pairText(pair: KvPair | undefined): string {
  if (!pair) return 'null';
  const { Key, CreateIndex, ModifyIndex, LockIndex, Flags, Value, Session = '' } = pair;
  const numbers = `"CreateIndex":${CreateIndex},"ModifyIndex":${ModifyIndex},"LockIndex":${LockIndex},"Flags":${Flags}`;
  return `{"Key":${JSON.stringify(Key)},${numbers},"Value":${JSON.stringify(Value)},"Session":${JSON.stringify(Session)}}`;
}

function fail(message: string): never {
  throw new Failure(message);
}

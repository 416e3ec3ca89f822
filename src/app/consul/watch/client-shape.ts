import { sortedByKey } from '../../../base/order.ts';
import { parseJson } from '../json.ts';

/**
 * Consul's command line shows what its Go client has read: the fields of the answer in the order of the client's types, and
 * those that a check does not define with their zero values.
 */

type Fields = Record<string, unknown>;

const SERVICE = ['Kind', 'ID', 'Service', 'Tags', 'Meta', 'Port', 'Address', 'TaggedAddresses', 'Weights', 'EnableTagOverride'];
const SERVICE_END = ['CreateIndex', 'ModifyIndex', 'ContentHash', 'Proxy', 'Connect'];

/** Instances of a service with their checks, as JSON. */
export function instancesText(body: string): string {
  const instances = parseJson<readonly { Node: Fields; Service: Fields; Checks: readonly Fields[] | null }[]>(body);
  return JSON.stringify(
    instances.map(({ Node, Service, Checks }) => {
      return { Node: withSortedMaps(Node), Service: serviceFields(Service), Checks: (Checks ?? []).map(check) };
    }),
  );
}

/** Checks, as JSON. */
export const checksText = (body: string): string => JSON.stringify(parseJson<readonly Fields[]>(body).map(check));

/** Nodes, as JSON. */
export const nodesText = (body: string): string => JSON.stringify(parseJson<readonly Fields[]>(body).map(withSortedMaps));

const serviceFields = (service: Fields): Fields => inOrder(withSortedMaps(withProxy(service)), SERVICE, SERVICE_END);

/** Go prints maps by key. */
function withSortedMaps(fields: Fields): Fields {
  const sorted = ['TaggedAddresses', 'Meta'].filter((name) => typeof fields[name] === 'object' && fields[name] !== null);
  return { ...fields, ...Object.fromEntries(sorted.map((name) => [name, sortedByKey(fields[name] as Fields)])) };
}

function check(one: Fields): Fields {
  const Definition = (one['Definition'] ?? {}) as Fields;
  const zero = { Interval: '0s', Timeout: '0s', DeregisterCriticalServiceAfter: '0s' };
  const request = { HTTP: '', Header: null, Method: '', Body: '', TLSSkipVerify: false, TCP: '' };
  return { ...one, Definition: { ...zero, ...request, ...Definition } };
}

/** The client leaves out what an upstream does not say. */
function withProxy(service: Fields): Fields {
  const proxy = service['Proxy'] as Fields | undefined;
  const upstreams = proxy?.['Upstreams'];
  if (!Array.isArray(upstreams)) return service;
  const said = (upstream: Fields): Fields =>
    Object.fromEntries(Object.entries(upstream).filter(([name, value]) => name === 'DestinationName' || !isEmpty(value)));
  return { ...service, Proxy: { ...proxy, Upstreams: (upstreams as Fields[]).map(said) } };
}

const isEmpty = (value: unknown): boolean => value === '' || value === 0 || value === null;

/** What is in neither list comes between them. */
function inOrder(fields: Fields, first: readonly string[], last: readonly string[]): Fields {
  const others = Object.keys(fields).filter((name) => !first.includes(name) && !last.includes(name));
  const names = [...first, ...others, ...last].filter((name) => Object.hasOwn(fields, name));
  return Object.fromEntries(names.map((name) => [name, fields[name]]));
}

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
  const instances = parseJson<readonly { Node: unknown; Service: Fields; Checks: readonly Fields[] | null }[]>(body);
  return JSON.stringify(
    instances.map(({ Node, Service, Checks }) => {
      return { Node, Service: inOrder(Service, SERVICE, SERVICE_END), Checks: (Checks ?? []).map(check) };
    }),
  );
}

/** Checks, as JSON. */
export const checksText = (body: string): string => JSON.stringify(parseJson<readonly Fields[]>(body).map(check));

function check(one: Fields): Fields {
  const Definition = (one['Definition'] ?? {}) as Fields;
  const zero = { Interval: '0s', Timeout: '0s', DeregisterCriticalServiceAfter: '0s' };
  const request = { HTTP: '', Header: null, Method: '', Body: '', TLSSkipVerify: false, TCP: '' };
  return { ...one, Definition: { ...zero, ...request, ...Definition } };
}

/** What is in neither list comes between them. */
function inOrder(fields: Fields, first: readonly string[], last: readonly string[]): Fields {
  const others = Object.keys(fields).filter((name) => !first.includes(name) && !last.includes(name));
  const names = [...first, ...others, ...last].filter((name) => Object.hasOwn(fields, name));
  return Object.fromEntries(names.map((name) => [name, fields[name]]));
}

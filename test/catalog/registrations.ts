import type { ServiceQuery } from '../../src/catalog/prepared-queries.ts';
import { emptySnapshot, type Snapshot } from '../../src/catalog/snapshot.ts';
import { type Transaction, transact } from '../../src/catalog/transact.ts';
import type { Check, Node, Op, ProxyUpstream, Service, Unindexed } from '../../src/catalog/types.ts';
import { prepareEntry } from '../../src/entries/decode.ts';
import type { EntryBase } from '../../src/entries/kind.ts';
import { fromJson } from '../../src/schema/located.ts';

/** Builders of catalog content: only what a test speaks of is spelled out. */

export function node(name: string, over: Partial<Node> = {}): Unindexed<Node> {
  return { Node: name, ID: `id-${name}`, Address: '127.0.0.1', Datacenter: 'dc1', TaggedAddresses: {}, Meta: {}, ...over };
}

export function service(name: string, over: Partial<Service> = {}): Unindexed<Service> {
  return {
    Node: 'n1',
    Kind: '',
    ID: name,
    Service: name,
    Tags: [],
    Address: '',
    Port: 80,
    TaggedAddresses: {},
    Meta: {},
    Weights: { Passing: 1, Warning: 1 },
    EnableTagOverride: false,
    ConnectNative: false,
    ...over,
  };
}

export function upstream(name: string, port: number, over: Partial<ProxyUpstream> = {}): ProxyUpstream {
  return {
    DestinationType: 'service',
    DestinationName: name,
    Datacenter: '',
    LocalBindAddress: '127.0.0.1',
    LocalBindPort: port,
    Config: {},
    ...over,
  };
}

export function sidecar(
  of: string,
  upstreams: ProxyUpstream[] = [],
  over: Partial<Service> = {},
  config: Record<string, unknown> = {},
): Unindexed<Service> {
  return service(`${of}-sidecar-proxy`, {
    Kind: 'connect-proxy',
    Port: 20000,
    Proxy: {
      DestinationServiceName: of,
      DestinationServiceID: of,
      LocalServiceAddress: '127.0.0.1',
      LocalServicePort: 9090,
      Config: config,
      Upstreams: upstreams,
    },
    ...over,
  });
}

export function check(id: string, over: Partial<Check> = {}): Unindexed<Check> {
  return {
    Node: 'n1',
    CheckID: id,
    Name: id,
    Status: 'passing',
    Notes: '',
    Output: '',
    ServiceID: '',
    ServiceName: '',
    Type: 'tcp',
    ...over,
  };
}

export function register(on: string, services: Unindexed<Service>[] = [], checks: Unindexed<Check>[] = []): Op {
  return { type: 'register', dc: 'dc1', node: node(on), services, checks };
}

/** A valid entry, decoded as a client would write it. */
export function entry(kind: string, name: string, fields: object = {}): EntryBase {
  const { entry, problems } = prepareEntry(fromJson({ Kind: kind, Name: name, ...fields }));
  if (!entry) throw new Error(JSON.stringify(problems));
  return entry;
}

export function put(kind: string, name: string, fields: object = {}, cas?: number): Op {
  return { type: 'put-entry', dc: 'dc1', entry: entry(kind, name, fields), ...(cas === undefined ? {} : { cas }) };
}

/** A prepared query that asks for nothing in particular. */
export function serviceQuery(of: Partial<ServiceQuery>): ServiceQuery {
  return {
    Service: '',
    Failover: { NearestN: 0, Datacenters: null },
    OnlyPassing: false,
    IgnoreCheckIDs: null,
    Near: '',
    Tags: null,
    NodeMeta: null,
    ServiceMeta: null,
    Connect: false,
    ...of,
  };
}

export function putQuery(name: string, of: Partial<ServiceQuery>): Op {
  const Service = serviceQuery(of);
  const Template = { Type: '', Regexp: '', RemoveEmptyTags: false };
  const query = { ID: `id-of-${name}`, Name: name, Session: '', Token: '', Template, Service, DNS: { TTL: '' } };
  return { type: 'query-set', dc: 'dc1', query };
}

export const drop = (kind: string, name: string): Op & { type: 'delete-entry' } => ({ type: 'delete-entry', dc: 'dc1', kind, name });

/** The last transaction of several in a row. */
export function play(ops: readonly Op[], from: Snapshot = emptySnapshot(['dc1'])): Transaction {
  let last: Transaction = { snapshot: from, changed: new Set(), applied: true };
  for (const op of ops) last = transact(last.snapshot, op);
  return last;
}

export const snapshotOf = (...ops: Op[]): Snapshot => play(ops).snapshot;

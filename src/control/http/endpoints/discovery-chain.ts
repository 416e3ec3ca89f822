import { formatDuration, parseDuration } from '../../../base/duration.ts';
import { entries, type QueryResult } from '../../../catalog/queries.ts';
import type { Snapshot } from '../../../catalog/snapshot.ts';
import { compileChain } from '../../../compile/chain.ts';
import type { Chain, ChainNode, ChainOverrides, ChainRoute, ChainSplit, ChainTarget } from '../../../compile/chain-model.ts';
import { fieldsOf, fieldsToJson } from '../../../entries/canonical.ts';
import { loadBalancer } from '../../../entries/load-balancer.ts';
import { routeSchema } from '../../../entries/service-router.ts';
import { splitSchema } from '../../../entries/service-splitter.ts';
import type { Json } from '../../../schema/located.ts';
import { any, map } from '../../../schema/schema.ts';
import { type Answer, HttpError } from '../answer.ts';
import { answerConsistentQuery } from '../blocking.ts';
import type { Api, ApiRequest, Endpoint } from '../endpoint.ts';
import { readJsonBody } from '../json-body.ts';

export const discoveryChain: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/v1/discovery-chain/:service',
    doc: 'How calls to a service are routed, split and resolved; ?compile-dc= as seen from another datacenter.',
    acl: 'service:read',
    agentCache: true,
    handle: (request, mesh) => answer(request, mesh, {}),
  },
  {
    method: 'POST',
    path: '/v1/discovery-chain/:service',
    doc: "The same, with an upstream's OverrideProtocol, OverrideConnectTimeout and OverrideMeshGateway.",
    acl: 'service:read',
    handle: (request, mesh) => answer(request, mesh, readOverrides(request.body)),
  },
];

function answer(request: ApiRequest, mesh: Api, overrides: ChainOverrides): Promise<Answer> {
  const service = request.params[0] ?? '';
  if (service === '') throw new HttpError(400, 'Missing chain name');
  const evaluateInDc = request.query.get('compile-dc') || request.options.dc;
  const run = (s: Snapshot, dc: string): QueryResult<Chain> => {
    const compiled = compileChain(s, { dc, service, evaluateInDc, trustDomain: mesh.trustDomain, overrides });
    if (!compiled.ok) throw new HttpError(500, compiled.error.message);
    return { ...entries(s, dc), value: compiled.value };
  };
  return answerConsistentQuery(request, mesh, run, (chain) => ({ Chain: chainJson(chain) }));
}

function readOverrides(body: string): ChainOverrides {
  if (body.trim() === '') return {};
  const given = readJsonBody({ body }, map(any()), { prefix: 'Request decoding failed: ' });
  const protocol = given['OverrideProtocol'];
  const timeout = given['OverrideConnectTimeout'];
  const gateway = given['OverrideMeshGateway'];
  const mode = typeof gateway === 'object' && gateway !== null && !Array.isArray(gateway) ? gateway['Mode'] : undefined;
  return {
    ...(typeof protocol === 'string' && protocol !== '' ? { protocol: protocol.toLowerCase() } : {}),
    ...(timeout === undefined || timeout === '' || timeout === 0 ? {} : { connectTimeoutMs: toMs(timeout) }),
    ...(typeof mode === 'string' && mode !== '' ? { meshGateway: mode } : {}),
  };
}

/** Go's durations in JSON: text, or nanoseconds. */
function toMs(value: Json): number {
  if (typeof value === 'number') return value / 1e6;
  const parsed = parseDuration(typeof value === 'string' ? value : JSON.stringify(value));
  if (!parsed.ok) throw new HttpError(400, `Request decoding failed: error decoding 'OverrideConnectTimeout': ${parsed.error}`);
  return parsed.ns / 1e6;
}

function chainJson(chain: Chain): object {
  return {
    ServiceName: chain.service,
    ...DEFAULT_TENANCY,
    Datacenter: chain.datacenter,
    ...(chain.customizationHash === undefined ? {} : { CustomizationHash: chain.customizationHash }),
    ...(chain.isDefault ? { Default: true } : {}),
    Protocol: chain.protocol,
    StartNode: chain.startNode,
    Nodes: mapValues(chain.nodes, nodeJson),
    Targets: mapValues(chain.targets, targetJson),
  };
}

function nodeJson(node: ChainNode): object {
  const Name = node.id.slice(node.id.indexOf(':') + 1);
  switch (node.type) {
    case 'router':
      return { Type: 'router', Name, Routes: node.routes.map(routeJson) };
    case 'splitter':
      return { Type: 'splitter', Name, Splits: node.splits.map(splitJson) };
    case 'resolver':
      return {
        Type: 'resolver',
        Name,
        Resolver: {
          ConnectTimeout: duration(node.connectTimeoutMs),
          ...(node.requestTimeoutMs === undefined ? {} : { RequestTimeout: duration(node.requestTimeoutMs) }),
          ...(node.isDefault ? { Default: true } : {}),
          Target: node.target,
          ...(node.failover.length === 0 ? {} : { Failover: { Targets: node.failover } }),
        },
        ...(node.loadBalancer ? { LoadBalancer: fieldsToJson(node.loadBalancer, fieldsOf(loadBalancer)) } : {}),
      };
  }
}

function routeJson({ definition, next }: ChainRoute, i: number, all: readonly ChainRoute[]): object {
  const json = fieldsToJson(definition, fieldsOf(routeSchema));
  // The last one is Consul's own, for the rest of the requests, and names its tenancy.
  const Destination = { ...definition.Destination, ...DEFAULT_TENANCY };
  return { Definition: i === all.length - 1 ? { ...json, Destination } : json, NextNode: next };
}

function splitJson({ definition, weight, next }: ChainSplit): object {
  return { Definition: fieldsToJson(definition, fieldsOf(splitSchema)), Weight: weight, NextNode: next };
}

function targetJson(target: ChainTarget): object {
  return {
    ID: target.id,
    Service: target.service,
    ...(target.subset === '' ? {} : { ServiceSubset: target.subset }),
    ...DEFAULT_TENANCY,
    Datacenter: target.datacenter,
    MeshGateway: target.meshGateway === '' ? {} : { Mode: target.meshGateway },
    Subset: {
      ...(target.filter === '' ? {} : { Filter: target.filter }),
      ...(target.onlyPassing ? { OnlyPassing: true } : {}),
    },
    ConnectTimeout: duration(target.connectTimeoutMs),
    ...(target.external ? { External: true } : {}),
    SNI: target.sni,
    Name: target.name,
  };
}

const DEFAULT_TENANCY = { Namespace: 'default', Partition: 'default' };
const duration = (ms: number): string => formatDuration(ms * 1e6);

function mapValues<T>(record: Readonly<Record<string, T>>, project: (value: T) => object): Record<string, object> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, project(value)]));
}

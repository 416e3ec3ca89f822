import { formatDuration } from '../../base/duration.ts';
import type { Chain, ChainNode, ChainRoute, ChainSplit, ChainTarget } from '../../compile/chain-model.ts';
import { fieldsOf, fieldsToJson } from '../../entries/canonical.ts';
import { loadBalancer } from '../../entries/load-balancer.ts';
import { routeSchema } from '../../entries/service-router.ts';
import { splitSchema } from '../../entries/service-splitter.ts';
import { DEFAULT_TENANCY } from './tenancy.ts';

/** A compiled chain in the shape of newer versions of Consul. `virtualIp`: under which transparent proxies take its calls. */
export function chainJson(chain: Chain, virtualIp?: string): object {
  return {
    ServiceName: chain.service,
    ...DEFAULT_TENANCY,
    Datacenter: chain.datacenter,
    ...(chain.customizationHash === undefined ? {} : { CustomizationHash: chain.customizationHash }),
    ...(chain.isDefault ? { Default: true } : {}),
    Protocol: chain.protocol,
    ...(Object.keys(chain.serviceMeta).length === 0 ? {} : { ServiceMeta: chain.serviceMeta }),
    ...(chain.envoyExtensions.length === 0 ? {} : { EnvoyExtensions: chain.envoyExtensions.map(extensionJson) }),
    StartNode: chain.startNode,
    Nodes: mapValues(chain.nodes, nodeJson),
    Targets: mapValues(chain.targets, targetJson),
    AutoVirtualIPs: virtualIp === undefined ? null : [virtualIp],
    ManualVirtualIPs: null,
  };
}

/** Without omitempty in Consul. */
const extensionJson = ({
  Name = '',
  Required = false,
  Arguments,
  ConsulVersion = '',
  EnvoyVersion = '',
}: Chain['envoyExtensions'][number]): object => ({
  Name,
  Required,
  Arguments: Arguments ?? null,
  ConsulVersion,
  EnvoyVersion,
});

function nodeJson(node: ChainNode): object {
  const Name = node.id.slice(node.id.indexOf(':') + 1);
  switch (node.type) {
    case 'router':
      return { Type: 'router', Name, Routes: node.routes.map(routeJson) };
    case 'splitter':
      return { Type: 'splitter', Name, Splits: node.splits.map(splitJson), ...balancerJson(node.loadBalancer) };
    case 'resolver':
      return {
        Type: 'resolver',
        Name,
        Resolver: {
          ConnectTimeout: duration(node.connectTimeoutMs),
          ...(node.isDefault ? { Default: true } : {}),
          // In nanoseconds: Consul makes only the other one a text.
          ...(node.requestTimeoutMs === undefined ? {} : { RequestTimeout: node.requestTimeoutMs * 1e6 }),
          Target: node.target,
          ...(node.failover.length === 0 ? {} : { Failover: { Targets: node.failover } }),
        },
        ...balancerJson(node.loadBalancer),
      };
  }
}

const balancerJson = (balancer: (ChainNode & { type: 'resolver' })['loadBalancer']): object =>
  balancer ? { LoadBalancer: fieldsToJson(balancer, fieldsOf(loadBalancer)) } : {};

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
    ConnectTimeout: duration(target.connectTimeoutMs),
    ID: target.id,
    Service: target.service,
    ...(target.subset === '' ? {} : { ServiceSubset: target.subset }),
    ...DEFAULT_TENANCY,
    ...(target.datacenter === '' ? {} : { Datacenter: target.datacenter }),
    ...(target.peer === '' ? {} : { Peer: target.peer }),
    MeshGateway: target.meshGateway === '' ? {} : { Mode: target.meshGateway },
    Subset: {
      ...(target.filter === '' ? {} : { Filter: target.filter }),
      ...(target.onlyPassing ? { OnlyPassing: true } : {}),
    },
    TransparentProxy: target.dialedDirectly ? { DialedDirectly: true } : {},
    ...(target.external ? { External: true } : {}),
    ...(target.sni === '' ? {} : { SNI: target.sni }),
    ...(target.name === '' ? {} : { Name: target.name }),
  };
}

const duration = (ms: number): string => formatDuration(ms * 1e6);

function mapValues<T>(record: Readonly<Record<string, T>>, project: (value: T) => object): Record<string, object> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, project(value)]));
}

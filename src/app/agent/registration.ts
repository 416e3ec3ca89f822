import { withoutGeneration } from '../../base/generation.ts';
import type { ServiceDefinition } from '../../base/registration.ts';
import type { Registration } from '../../blueprints/context.ts';
import type { Check, CheckStatus, Op, Service, ServiceProxy, Unindexed } from '../../catalog/types.ts';
import { sidecarIdOf } from '../../control/registration/sidecar.ts';

/** From a registration in virtual addresses to what stands in the catalog, in reachable ones. Pure. */
export type Reach = (address: string, port: number) => { address: string; port: number };

export function nodeOf(
  { node }: Registration,
  datacenter: string,
  nodeId: string,
  reach: Reach,
): Extract<Op, { type: 'register' }>['node'] {
  const address = node.address.startsWith('127.') ? node.address : reach(node.address, 0).address;
  return {
    Node: node.name,
    ID: nodeId,
    Address: address,
    Datacenter: datacenter,
    TaggedAddresses: { lan: address, lan_ipv4: address, wan: address, wan_ipv4: address, blueprint: withoutGeneration(node.address) },
    Meta: node.meta,
  };
}

export function serviceOf({ node, service, address, elsewhere }: Registration, reach: Reach): Unindexed<Service> {
  const reachable = elsewhere ?? reach(address, service.port);
  return {
    Node: node.name,
    Kind: service.gateway?.kind ?? '',
    ID: service.id,
    Service: service.name,
    Tags: service.tags,
    Address: reachable.address,
    Port: reachable.port,
    TaggedAddresses: { blueprint: { Address: elsewhere?.address ?? withoutGeneration(address), Port: service.port } },
    Meta: service.meta,
    Weights: { Passing: 1, Warning: 1 },
    EnableTagOverride: false,
    ConnectNative: false,
    ...(service.gateway ? { Proxy: ofGateway(service.gateway.config) } : {}),
  };
}

/** One address of its own is all that a workload has. */
function ofGateway(config: Readonly<Record<string, unknown>>): ServiceProxy {
  const Config = Object.fromEntries(Object.entries(config).filter(([name]) => !/^(envoy_gateway_|bind_)/.test(name)));
  return { DestinationServiceName: '', DestinationServiceID: '', LocalServiceAddress: '', LocalServicePort: 0, Config, Upstreams: [] };
}

/** The id of the proxy that the data plane runs for a service: the sidecar's, or that of the gateway that it is. */
export function proxyIdOf({ id, sidecar, gateway }: Pick<ServiceDefinition, 'id' | 'sidecar' | 'gateway'>): string | undefined {
  if (gateway) return id;
  return sidecar ? sidecarIdOf(id) : undefined;
}

export function sidecarOf(registration: Registration, reach: Reach): Unindexed<Service> {
  const { node, service, address, sidecarPort } = registration;
  const sidecar = service.sidecar!;
  const port = sidecar.port || sidecarPort;
  const bound = reach(address, port);
  const app = registration.elsewhere ?? reach(address, service.port);
  return {
    Node: node.name,
    Kind: 'connect-proxy',
    ID: sidecarIdOf(service.id),
    Service: `${service.name}-sidecar-proxy`,
    Tags: service.tags,
    Address: bound.address,
    Port: bound.port,
    TaggedAddresses: { blueprint: { Address: withoutGeneration(address), Port: port } },
    Meta: service.meta,
    Weights: { Passing: 1, Warning: 1 },
    EnableTagOverride: false,
    ConnectNative: false,
    Proxy: {
      DestinationServiceName: service.name,
      DestinationServiceID: service.id,
      LocalServiceAddress: app.address,
      LocalServicePort: app.port,
      Config: sidecar.config,
      Upstreams: sidecar.upstreams.map((upstream) => {
        const local = reach(address, upstream.localPort);
        return {
          DestinationType: upstream.isQuery ? 'prepared_query' : 'service',
          DestinationName: upstream.service,
          Datacenter: upstream.datacenter,
          LocalBindAddress: local.address,
          LocalBindPort: local.port,
          Config: upstream.config,
        };
      }),
    },
  };
}

export function nodeChecks({ node }: Registration): Unindexed<Check>[] {
  // The synthetic node of a cluster has no agent, so it has no serfHealth either.
  if (node.meta['synthetic-node'] === 'true') return [];
  const check = { Node: node.name, CheckID: 'serfHealth', Name: 'Serf Health Status', Status: 'passing' as const, Notes: '', Type: '' };
  return [{ ...check, Output: 'Agent alive and reachable', ServiceID: '', ServiceName: '' }];
}

/** The checks that follow the readiness of the application: those of its definition, or one of ours. */
export function applicationChecks(service: ServiceDefinition): string[] {
  return service.checks.length > 0 ? service.checks.map((check) => check.id) : [`service:${service.id}`];
}

/** What such a check says when the application is ready; that of a pod in the words of consul-k8s. */
export function readyOutput({ checks }: ServiceDefinition, id: string): string {
  const check = checks.find((candidate) => candidate.id === id);
  return check?.action.type === 'kubernetes-readiness' ? 'Kubernetes health checks passing' : 'ready';
}

export function checksOf({ node, service }: Registration, health: CheckStatus, listening: CheckStatus): Unindexed<Check>[] {
  const base = { Node: node.name, Notes: '', Output: '' };
  const application = applicationChecks(service).map((id): Unindexed<Check> => {
    const check = service.checks.find((candidate) => candidate.id === id);
    const name = check?.name ?? (service.gateway ? `${service.gateway.kind} listening` : 'Application ready');
    return {
      ...base,
      CheckID: id,
      Name: name,
      Status: health,
      ServiceID: service.id,
      ServiceName: service.name,
      Type: check?.action.type ?? '',
    };
  });
  if (!service.sidecar) return application;
  const ID = sidecarIdOf(service.id);
  const ofSidecar = { ...base, ServiceID: ID, ServiceName: `${service.name}-sidecar-proxy` };
  return [
    ...application,
    { ...ofSidecar, CheckID: `service:${ID}:1`, Name: 'Connect Sidecar Listening', Status: listening, Type: 'tcp' },
    { ...ofSidecar, CheckID: `service:${ID}:2`, Name: `Connect Sidecar Aliasing ${service.id}`, Status: health, Type: 'alias' },
  ];
}

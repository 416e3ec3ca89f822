import type { Instance } from '../../../catalog/queries.ts';
import type { Check, Node, ProxyUpstream, Service, ServiceProxy } from '../../../catalog/types.ts';
import type { Compat } from '../../compatibility.ts';

/**
 * Rows of the catalog in the shapes and the field order of Consul's answers. What is empty is left out, null, or empty:
 * each as Consul has it, which is another way in the catalog than with the agent.
 */

export function nodeJson(node: Node): object {
  const { ID, Node: name, Address, Datacenter, CreateIndex, ModifyIndex } = node;
  return {
    ID,
    Node: name,
    Address,
    Datacenter,
    TaggedAddresses: orNull(node.TaggedAddresses),
    Meta: orNull(node.Meta),
    ...(node.Locality ? { Locality: node.Locality } : {}),
    CreateIndex,
    ModifyIndex,
  };
}

/** An item of `/v1/health/service/:service`. */
export function healthJson(instance: Instance, compat: Compat): object {
  const { node, service, checks } = instance;
  return {
    Node: nodeJson(node),
    Service: serviceJson(service, compat),
    Checks: checks.map((check) => checkJson(check, service.Tags, compat)),
  };
}

/** A service among those of its node. */
export function serviceJson(service: Service, compat: Compat): object {
  return {
    ...kindOf(service),
    ID: service.ID,
    Service: service.Service,
    Tags: service.Tags,
    Address: service.Address,
    ...taggedAddressesOf(service),
    // Consul: null when there is none, here and nowhere else.
    Meta: orNull(service.Meta),
    Port: service.Port,
    ...(service.SocketPath ? { SocketPath: service.SocketPath } : {}),
    Weights: service.Weights,
    EnableTagOverride: service.EnableTagOverride,
    Proxy: proxyJson(service.Proxy, compat),
    Connect: connectJson(service),
    ...(service.Locality ? { Locality: service.Locality } : {}),
    ...(compat === '1.8' ? {} : { PeerName: '' }),
    CreateIndex: service.CreateIndex,
    ModifyIndex: service.ModifyIndex,
  };
}

/** An item of `/v1/catalog/service/:service`. */
export function catalogServiceJson({ node, service }: Pick<Instance, 'node' | 'service'>, compat: Compat): object {
  return {
    ID: node.ID,
    Node: node.Node,
    Address: node.Address,
    Datacenter: node.Datacenter,
    TaggedAddresses: orNull(node.TaggedAddresses),
    NodeMeta: orNull(node.Meta),
    ServiceKind: service.Kind,
    ServiceID: service.ID,
    ServiceName: service.Service,
    ServiceTags: service.Tags,
    ServiceAddress: service.Address,
    ...(isEmpty(service.TaggedAddresses) ? {} : { ServiceTaggedAddresses: service.TaggedAddresses }),
    ServiceWeights: service.Weights,
    ServiceMeta: service.Meta,
    ServicePort: service.Port,
    ...(service.SocketPath ? { ServiceSocketPath: service.SocketPath } : {}),
    ServiceEnableTagOverride: service.EnableTagOverride,
    ServiceProxy: proxyJson(service.Proxy, compat),
    ServiceConnect: connectJson(service),
    ...(service.Locality ? { ServiceLocality: service.Locality } : {}),
    CreateIndex: service.CreateIndex,
    ModifyIndex: service.ModifyIndex,
  };
}

/** A value of `/v1/agent/services`; with a hash, `/v1/agent/service/:id`. */
export function agentServiceJson(service: Service, datacenter: string, compat: Compat, contentHash?: string): object {
  return {
    ...kindOf(service),
    ID: service.ID,
    Service: service.Service,
    Tags: service.Tags,
    Meta: service.Meta,
    Port: service.Port,
    Address: service.Address,
    ...(service.SocketPath ? { SocketPath: service.SocketPath } : {}),
    ...taggedAddressesOf(service),
    Weights: service.Weights,
    EnableTagOverride: service.EnableTagOverride,
    ...(contentHash === undefined ? {} : { ContentHash: contentHash }),
    ...(service.Proxy ? { Proxy: agentProxyJson(service.Proxy) } : {}),
    ...(service.ConnectNative ? { Connect: { Native: true } } : {}),
    ...(service.Locality ? { Locality: service.Locality } : {}),
    ...(compat === '1.8' ? {} : { Datacenter: datacenter }),
  };
}

/** `tags` are those of the service that the check is of. */
export function checkJson(check: Check, tags: readonly string[], compat: Compat): object {
  const { Node: node, CheckID, Name, Status, Notes, Output, ServiceID, ServiceName, Type, CreateIndex, ModifyIndex } = check;
  return {
    Node: node,
    CheckID,
    Name,
    Status,
    Notes,
    Output,
    ServiceID,
    ServiceName,
    ServiceTags: ServiceID === '' ? [] : tags,
    Type,
    ...(compat === '1.8' ? {} : { Interval: check.Interval ?? '', Timeout: check.Timeout ?? '', ExposedPort: 0 }),
    Definition: check.Definition ?? {},
    CreateIndex,
    ModifyIndex,
  };
}

function proxyJson(proxy: ServiceProxy | undefined, compat: Compat): object {
  const mode = compat === '1.8' ? {} : { Mode: proxy?.Mode ?? '' };
  if (!proxy) return { ...mode, MeshGateway: {}, Expose: {} };
  return {
    ...(proxy.EnvoyExtensions ? { EnvoyExtensions: proxy.EnvoyExtensions } : {}),
    ...destinationJson(proxy),
    ...mode,
    ...(isEmpty(proxy.Config) ? {} : { Config: proxy.Config }),
    ...(proxy.Upstreams.length === 0 ? {} : { Upstreams: proxy.Upstreams.map(upstreamJson) }),
    ...surroundingsJson(proxy),
  };
}

/** The agent leaves out more. */
function agentProxyJson(proxy: ServiceProxy): object {
  return {
    ...(proxy.EnvoyExtensions ? { EnvoyExtensions: proxy.EnvoyExtensions } : {}),
    ...destinationJson(proxy),
    ...(proxy.Mode ? { Mode: proxy.Mode } : {}),
    ...(isEmpty(proxy.Config) ? {} : { Config: proxy.Config }),
    ...(proxy.Upstreams.length === 0 ? {} : { Upstreams: proxy.Upstreams.map(agentUpstreamJson) }),
    ...surroundingsJson(proxy),
  };
}

const destinationJson = (proxy: ServiceProxy): object => ({
  ...(proxy.DestinationServiceName === '' ? {} : { DestinationServiceName: proxy.DestinationServiceName }),
  ...(proxy.DestinationServiceID === '' ? {} : { DestinationServiceID: proxy.DestinationServiceID }),
  ...(proxy.LocalServiceAddress === '' ? {} : { LocalServiceAddress: proxy.LocalServiceAddress }),
  ...(proxy.LocalServicePort === 0 ? {} : { LocalServicePort: proxy.LocalServicePort }),
  ...(proxy.LocalServiceSocketPath ? { LocalServiceSocketPath: proxy.LocalServiceSocketPath } : {}),
});

const surroundingsJson = (proxy: ServiceProxy): object => ({
  MeshGateway: proxy.MeshGateway ?? {},
  Expose: exposeJson(proxy),
  ...(proxy.TransparentProxy ? { TransparentProxy: proxy.TransparentProxy } : {}),
  ...(proxy.AccessLogs ? { AccessLogs: proxy.AccessLogs } : {}),
});

function exposeJson({ Expose }: ServiceProxy): object {
  if (!Expose) return {};
  const { Checks, Paths = [] } = Expose;
  return { ...(Checks ? { Checks } : {}), ...(Paths.length > 0 ? { Paths } : {}) };
}

function upstreamJson(upstream: ProxyUpstream): object {
  return {
    DestinationType: upstream.DestinationType,
    ...(upstream.DestinationPeer ? { DestinationPeer: upstream.DestinationPeer } : {}),
    DestinationName: upstream.DestinationName,
    Datacenter: upstream.Datacenter,
    ...boundJson(upstream),
    Config: orNull(upstream.Config),
    MeshGateway: upstream.MeshGateway ?? {},
  };
}

function agentUpstreamJson(upstream: ProxyUpstream): object {
  return {
    DestinationType: upstream.DestinationType,
    ...(upstream.DestinationPeer ? { DestinationPeer: upstream.DestinationPeer } : {}),
    DestinationName: upstream.DestinationName,
    ...(upstream.Datacenter === '' ? {} : { Datacenter: upstream.Datacenter }),
    ...boundJson(upstream),
    ...(isEmpty(upstream.Config) ? {} : { Config: upstream.Config }),
    MeshGateway: upstream.MeshGateway ?? {},
  };
}

const boundJson = (upstream: ProxyUpstream): object => ({
  ...(upstream.LocalBindAddress === '' ? {} : { LocalBindAddress: upstream.LocalBindAddress }),
  ...(upstream.LocalBindPort === 0 ? {} : { LocalBindPort: upstream.LocalBindPort }),
  ...(upstream.LocalBindSocketPath ? { LocalBindSocketPath: upstream.LocalBindSocketPath } : {}),
  ...(upstream.LocalBindSocketMode ? { LocalBindSocketMode: upstream.LocalBindSocketMode } : {}),
});

function isEmpty(record: object): boolean {
  for (const _ in record) return false;
  return true;
}

/** Go's nil, which a map or list is that nobody filled. */
export const orNull = <T extends object>(record: T): T | null => (isEmpty(record) ? null : record);
const kindOf = (service: Service): object => (service.Kind === '' ? {} : { Kind: service.Kind });
const connectJson = (service: Service): object => (service.ConnectNative ? { Native: true } : {});
const taggedAddressesOf = (service: Service): object =>
  isEmpty(service.TaggedAddresses) ? {} : { TaggedAddresses: service.TaggedAddresses };

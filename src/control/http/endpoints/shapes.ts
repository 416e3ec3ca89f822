import type { Instance } from '../../../catalog/queries.ts';
import type { Check, Node, Service, ServiceProxy } from '../../../catalog/types.ts';

/** Rows of the catalog in the shapes and the field order of Consul's answers. */

export function nodeJson(node: Node): object {
  const { ID, Node: name, Address, Datacenter, TaggedAddresses, Meta, CreateIndex, ModifyIndex } = node;
  return { ID, Node: name, Address, Datacenter, TaggedAddresses, Meta, CreateIndex, ModifyIndex };
}

/** An item of `/v1/health/service/:service`. */
export function healthJson(instance: Instance): object {
  const { node, service, checks } = instance;
  return {
    Node: nodeJson(node),
    Service: {
      ...kindOf(service),
      ID: service.ID,
      Service: service.Service,
      Tags: service.Tags,
      Address: service.Address,
      ...taggedAddressesOf(service),
      // Consul: null when there is none, here and nowhere else.
      Meta: Object.keys(service.Meta).length === 0 ? null : service.Meta,
      Port: service.Port,
      Weights: service.Weights,
      EnableTagOverride: service.EnableTagOverride,
      Proxy: proxyJson(service.Proxy),
      Connect: connectJson(service),
      CreateIndex: service.CreateIndex,
      ModifyIndex: service.ModifyIndex,
    },
    Checks: checks.map((check) => checkJson(check, service)),
  };
}

/** An item of `/v1/catalog/service/:service`. */
export function catalogServiceJson({ node, service }: Instance): object {
  return {
    ID: node.ID,
    Node: node.Node,
    Address: node.Address,
    Datacenter: node.Datacenter,
    TaggedAddresses: node.TaggedAddresses,
    NodeMeta: node.Meta,
    ServiceKind: service.Kind,
    ServiceID: service.ID,
    ServiceName: service.Service,
    ServiceTags: service.Tags,
    ServiceAddress: service.Address,
    ServiceTaggedAddresses: service.TaggedAddresses,
    ServiceWeights: service.Weights,
    ServiceMeta: service.Meta,
    ServicePort: service.Port,
    ServiceEnableTagOverride: service.EnableTagOverride,
    ServiceProxy: proxyJson(service.Proxy),
    ServiceConnect: connectJson(service),
    CreateIndex: service.CreateIndex,
    ModifyIndex: service.ModifyIndex,
  };
}

/** A value of `/v1/agent/services`. */
export function agentServiceJson(service: Service, datacenter: string): object {
  return {
    ...kindOf(service),
    ID: service.ID,
    Service: service.Service,
    Tags: service.Tags,
    Meta: service.Meta,
    Port: service.Port,
    Address: service.Address,
    ...taggedAddressesOf(service),
    Weights: service.Weights,
    EnableTagOverride: service.EnableTagOverride,
    ...(service.Proxy ? { Proxy: proxyJson(service.Proxy) } : {}),
    Datacenter: datacenter,
  };
}

function checkJson(check: Check, service: Service): object {
  const { Node: node, CheckID, Name, Status, Notes, Output, ServiceID, ServiceName, Type, CreateIndex, ModifyIndex } = check;
  const ServiceTags = ServiceID === '' ? [] : service.Tags;
  return {
    Node: node,
    CheckID,
    Name,
    Status,
    Notes,
    Output,
    ServiceID,
    ServiceName,
    ServiceTags,
    Type,
    Definition: {},
    CreateIndex,
    ModifyIndex,
  };
}

function proxyJson(proxy: ServiceProxy | undefined): object {
  if (!proxy) return { MeshGateway: {}, Expose: {} };
  return {
    DestinationServiceName: proxy.DestinationServiceName,
    ...(proxy.DestinationServiceID === '' ? {} : { DestinationServiceID: proxy.DestinationServiceID }),
    ...(proxy.LocalServiceAddress === '' ? {} : { LocalServiceAddress: proxy.LocalServiceAddress }),
    ...(proxy.LocalServicePort === 0 ? {} : { LocalServicePort: proxy.LocalServicePort }),
    ...(Object.keys(proxy.Config).length === 0 ? {} : { Config: proxy.Config }),
    ...(proxy.Upstreams.length === 0 ? {} : { Upstreams: proxy.Upstreams.map((upstream) => ({ ...upstream, MeshGateway: {} })) }),
    MeshGateway: {},
    Expose: {},
  };
}

const kindOf = (service: Service): object => (service.Kind === '' ? {} : { Kind: service.Kind });
const connectJson = (service: Service): object => (service.ConnectNative ? { Native: true } : {});
const taggedAddressesOf = (service: Service): object =>
  Object.keys(service.TaggedAddresses).length === 0 ? {} : { TaggedAddresses: service.TaggedAddresses };

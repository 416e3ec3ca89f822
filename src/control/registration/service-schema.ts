import { text, texts } from '../../schema/go-fields.ts';
import { bool, type Decoded, goStruct, goType, int, list, map, optional, string, withDefault } from '../../schema/schema.ts';
import { checkType, healthCheck } from './check-schema.ts';
import { proxyConfig } from './proxy-schema.ts';

const address = goStruct('structs.ServiceAddress', {
  Address: text('Host.'),
  Port: withDefault(int(), 0, 'Port.'),
});

const weights = goStruct('structs.Weights', {
  Passing: withDefault(int(), 0, 'While it passes.'),
  Warning: withDefault(int(), 0, 'While it warns.'),
});

const locality = goStruct('structs.Locality', { Region: text('Region.'), Zone: text('Zone.') });

/** What both ways to register have in common. */
const common = {
  Kind: text('Empty, connect-proxy, or one of the gateways.'),
  ID: text('Unique on its node; the name by default.'),
  Tags: texts('Words to select by.'),
  Address: text("Where it listens; empty means the node's."),
  TaggedAddresses: withDefault(map(address), {}, 'Further addresses: lan, wan, virtual, …'),
  Meta: withDefault(map(string()), {}, 'Facts to select by.'),
  Port: withDefault(int(), 0, 'Where it listens.'),
  SocketPath: text('A Unix socket instead.'),
  Weights: optional(weights, 'Its share of traffic.'),
  EnableTagOverride: withDefault(bool(), false, 'Others may change its tags.'),
  Proxy: optional(proxyConfig, 'For proxies and gateways.'),
  Locality: optional(locality, 'Region and zone.'),
};

const definition = {
  Name: text('What it is called.'),
  ...common,
  Check: optional(checkType, 'One health check.'),
  Checks: withDefault(list(checkType), [], 'Several.'),
  Token: text('Registers it with this token instead of the own one.'),
};

const definitionAliases = { enable_tag_override: 'EnableTagOverride', tagged_addresses: 'TaggedAddresses', socket_path: 'SocketPath' };

/** The last one has no further: Consul refuses a sidecar of a sidecar. */
const innermost = goStruct('structs.ServiceDefinition', definition, { unmarshals: true, aliases: definitionAliases });

const connectOf = <S extends typeof innermost>(sidecar: S) =>
  goStruct(
    'structs.ServiceConnect',
    {
      Native: withDefault(bool(), false, 'It speaks mutual TLS itself.'),
      SidecarService: optional(sidecar, 'A sidecar of its own.'),
    },
    { unmarshals: true, aliases: { sidecar_service: 'SidecarService' } },
  );

const sidecarService = goStruct(
  'structs.ServiceDefinition',
  { ...definition, Connect: optional(connectOf(innermost), 'Refused here.') },
  { unmarshals: true, aliases: definitionAliases },
);

/** The body of `/v1/agent/service/register` (Consul's structs.ServiceDefinition). */
export const serviceDefinition = goStruct(
  '',
  { ...definition, Connect: optional(connectOf(sidecarService as unknown as typeof innermost), 'How it takes part in the mesh.') },
  { unmarshals: true, aliases: definitionAliases },
);

const index = withDefault(goType('uint64', int()), 0, 'Not used.');

/** A service of a catalog registration (Consul's structs.NodeService). */
export const nodeService = goStruct(
  'structs.NodeService',
  {
    ...common,
    Service: text('What it is called.'),
    Connect: optional(connectOf(innermost), 'How it takes part in the mesh.'),
    PeerName: text('Set by Consul itself.'),
    CreateIndex: index,
    ModifyIndex: index,
  },
  { aliases: {} },
);

/** The body of `/v1/catalog/register` (Consul's structs.RegisterRequest). */
export const registerRequest = goStruct('structs.RegisterRequest', {
  Datacenter: text("The agent's own by default."),
  ID: text('A UUID for the node.'),
  Node: text('The node; made when it is not there.'),
  Address: text('Of the node.'),
  TaggedAddresses: withDefault(map(string()), {}, 'Further addresses of the node: lan, wan, …'),
  NodeMeta: withDefault(map(string()), {}, 'Facts about the node, to select by.'),
  Service: optional(nodeService, 'A service of the node.'),
  Check: optional(healthCheck, 'A check of the node or of a service.'),
  Checks: withDefault(list(healthCheck), [], 'Several.'),
  SkipNodeUpdate: withDefault(bool(), false, 'Leave a node that is there as it is.'),
  Locality: optional(locality, 'Of the node.'),
  PeerName: text('Set by Consul itself.'),
  Token: text('Instead of the header.'),
});

/** The body of `/v1/catalog/deregister` (Consul's structs.DeregisterRequest). */
export const deregisterRequest = goStruct('structs.DeregisterRequest', {
  Datacenter: text("The agent's own by default."),
  Node: text('The node; it goes with everything on it unless one thing is named.'),
  ServiceID: text('A service to remove, with its checks.'),
  CheckID: text('A check to remove.'),
  Address: text("Known and not used: Consul's clients have it from the time before nodes had names."),
  PeerName: text('Set by Consul itself.'),
  Token: text('Instead of the header.'),
});

export type ServiceBody = Decoded<typeof serviceDefinition>;
export type NodeServiceBody = Decoded<typeof nodeService>;
export type RegisterBody = Decoded<typeof registerRequest>;

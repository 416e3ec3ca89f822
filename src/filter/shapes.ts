import { bool, int, list, map, type Shape, string, struct } from './shape.ts';

/** What filters may look at: the fields of Consul's answers that it lets them select. */

const address = struct({ Address: string, Port: int });
const weights = struct({ Passing: int, Warning: int });
const meshGateway = struct({ Mode: string });
const connect = struct({ Native: bool });
const locality = struct({ Region: string, Zone: string });

const expose = struct({
  Checks: bool,
  Paths: list(struct({ ListenerPort: int, LocalPathPort: int, ParsedFromCheck: bool, Path: string, Protocol: string })),
});

const proxy = struct({
  DestinationServiceName: string,
  DestinationServiceID: string,
  LocalServiceAddress: string,
  LocalServicePort: int,
  LocalServiceSocketPath: string,
  Mode: string,
  TransparentProxy: struct({ OutboundListenerPort: int, DialedDirectly: bool }),
  MeshGateway: meshGateway,
  Expose: expose,
  Upstreams: list(
    struct({
      DestinationType: string,
      DestinationName: string,
      DestinationNamespace: string,
      DestinationPartition: string,
      DestinationPeer: string,
      Datacenter: string,
      LocalBindAddress: string,
      LocalBindPort: int,
      LocalBindSocketPath: string,
      LocalBindSocketMode: string,
      MeshGateway: meshGateway,
    }),
  ),
});

const service = {
  Kind: string,
  ID: string,
  Service: string,
  Tags: list(string),
  Address: string,
  TaggedAddresses: map(address),
  Meta: map(string),
  Port: int,
  SocketPath: string,
  PeerName: string,
  Locality: locality,
  Weights: weights,
  EnableTagOverride: bool,
  Proxy: proxy,
  Connect: connect,
};

const node = { ID: string, Node: string, Address: string, Datacenter: string, TaggedAddresses: map(string), Meta: map(string) };

/** A row of `/v1/catalog/nodes`. */
export const nodeShape: Shape = struct(node);

/** A row of `/v1/agent/members`. */
export const memberShape: Shape = struct({
  Name: string,
  Addr: string,
  Port: int,
  Tags: map(string),
  Status: int,
  ProtocolMin: int,
  ProtocolMax: int,
  ProtocolCur: int,
  DelegateMin: int,
  DelegateMax: int,
  DelegateCur: int,
});

/** A value of `/v1/agent/services`. */
export const agentServiceShape: Shape = struct(service);

/** A row of `/v1/catalog/service/:service`. */
export const catalogServiceShape: Shape = struct({
  ID: string,
  Node: string,
  Address: string,
  Datacenter: string,
  TaggedAddresses: map(string),
  NodeMeta: map(string),
  ServiceKind: string,
  ServiceID: string,
  ServiceName: string,
  ServiceTags: list(string),
  ServiceAddress: string,
  ServiceTaggedAddresses: map(address),
  ServiceWeights: weights,
  ServiceMeta: map(string),
  ServicePort: int,
  ServiceEnableTagOverride: bool,
  ServiceProxy: proxy,
  ServiceConnect: connect,
});

/** A row of `/v1/health/node/:node`, and a value of `/v1/agent/checks`. */
export const checkShape: Shape = struct({
  Node: string,
  CheckID: string,
  Name: string,
  Status: string,
  Notes: string,
  Output: string,
  ServiceID: string,
  ServiceName: string,
  ServiceTags: list(string),
  Type: string,
  Interval: string,
  Timeout: string,
  ExposedPort: int,
});

/** A row of `/v1/catalog/gateway-services/:gateway`. */
export const gatewayServiceShape: Shape = struct({
  GatewayKind: string,
  Port: int,
  Protocol: string,
  Hosts: list(string),
  CAFile: string,
  CertFile: string,
  KeyFile: string,
  SNI: string,
  FromWildcard: bool,
});

/** A row of `/v1/health/service/:service`, and what the filter of a subset selects by. */
export const instanceShape: Shape = struct({ Node: struct(node), Service: struct(service), Checks: list(checkShape) });

/** A row of `/v1/connect/intentions`. */
export const intentionShape: Shape = struct({
  ID: string,
  Description: string,
  SourcePeer: string,
  SourcePartition: string,
  SourceNS: string,
  SourceName: string,
  SourceSamenessGroup: string,
  DestinationPartition: string,
  DestinationNS: string,
  DestinationName: string,
  SourceType: string,
  Action: string,
  DefaultAddr: string,
  DefaultPort: int,
  Meta: map(string),
  Precedence: int,
});

/** A row of `/v1/internal/ui/nodes`. */
export const nodeInfoShape: Shape = struct({
  ID: string,
  Node: string,
  Address: string,
  TaggedAddresses: map(string),
  Meta: map(string),
  Services: list(struct(service)),
  Checks: list(checkShape),
});

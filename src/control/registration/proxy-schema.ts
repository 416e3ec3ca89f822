import { number, text } from '../../schema/go-fields.ts';
import { any, bool, type Decoded, goStruct, goType, list, map, optional, withDefault } from '../../schema/schema.ts';

const meshGateway = goStruct('structs.MeshGatewayConfig', { Mode: text('local, remote or none.') });

const upstream = goStruct(
  'structs.Upstream',
  {
    DestinationType: text('service (default) or prepared_query.'),
    DestinationNamespace: text('There is one: default.'),
    DestinationPartition: text('There is one: default.'),
    DestinationPeer: text('A peered cluster that it is in.'),
    DestinationName: text('The service that is called.'),
    Datacenter: text('Where it is; empty means here.'),
    LocalBindAddress: text('127.0.0.1 by default.'),
    LocalBindPort: number('The port that the application calls.'),
    LocalBindSocketPath: text('A Unix socket instead.'),
    LocalBindSocketMode: text('Permissions of that socket, octal.'),
    Config: withDefault(map(any()), {}, 'protocol, connect_timeout_ms, …'),
    MeshGateway: optional(meshGateway, 'How traffic leaves the datacenter.'),
    CentrallyConfigured: withDefault(bool(), false, 'Set by Consul itself.'),
  },
  {
    unmarshals: true,
    aliases: {
      destination_type: 'DestinationType',
      destination_namespace: 'DestinationNamespace',
      destination_partition: 'DestinationPartition',
      destination_peer: 'DestinationPeer',
      destination_name: 'DestinationName',
      local_bind_address: 'LocalBindAddress',
      local_bind_port: 'LocalBindPort',
      local_bind_socket_path: 'LocalBindSocketPath',
      local_bind_socket_mode: 'LocalBindSocketMode',
      mesh_gateway: 'MeshGateway',
    },
  },
);

const exposePath = goStruct(
  'structs.ExposePath',
  {
    ListenerPort: number('Port in plaintext.'),
    Path: text('Path that is served there.'),
    LocalPathPort: number('Port of the application.'),
    Protocol: text('http (default) or http2.'),
    ParsedFromCheck: withDefault(bool(), false, 'Set by Consul itself.'),
  },
  { unmarshals: true, aliases: { listener_port: 'ListenerPort', local_path_port: 'LocalPathPort', parsed_from_check: 'ParsedFromCheck' } },
);

/** Consul's structs.ConnectProxyConfig. */
export const proxyConfig = goStruct(
  'structs.ConnectProxyConfig',
  {
    EnvoyExtensions: withDefault(list(any()), [], 'Extensions of Envoy.'),
    DestinationServiceName: text('The service that it stands for.'),
    DestinationServiceID: text('The instance that it stands for.'),
    LocalServiceAddress: text('Where that instance is; 127.0.0.1 by default.'),
    LocalServicePort: number('Port of that instance.'),
    LocalServiceSocketPath: text('A Unix socket instead.'),
    Mode: text('transparent, direct, or empty.'),
    Config: withDefault(map(any()), {}, 'protocol, local_connect_timeout_ms, …'),
    Upstreams: withDefault(goType('structs.Upstreams', list(upstream)), [], 'Services that the instance calls.'),
    MeshGateway: optional(meshGateway, 'How traffic leaves the datacenter.'),
    Expose: optional(
      goStruct('structs.ExposeConfig', {
        Checks: withDefault(bool(), false, 'Expose the paths of checks.'),
        Paths: withDefault(list(exposePath), [], 'Paths in plaintext.'),
      }),
      'What is served past the mesh.',
    ),
    TransparentProxy: optional(
      goStruct(
        'structs.TransparentProxyConfig',
        {
          OutboundListenerPort: number('15001 by default.'),
          DialedDirectly: withDefault(bool(), false, 'Instances are called by their own addresses.'),
        },
        { unmarshals: true, aliases: { outbound_listener_port: 'OutboundListenerPort', dialed_directly: 'DialedDirectly' } },
      ),
      'For transparent mode.',
    ),
    AccessLogs: optional(map(any()), 'Access logs of the proxy.'),
  },
  {
    unmarshals: true,
    aliases: {
      destination_service_name: 'DestinationServiceName',
      destination_service_id: 'DestinationServiceID',
      local_service_address: 'LocalServiceAddress',
      local_service_port: 'LocalServicePort',
      local_service_socket_path: 'LocalServiceSocketPath',
      mesh_gateway: 'MeshGateway',
      transparent_proxy: 'TransparentProxy',
      access_logs: 'AccessLogs',
      envoy_extensions: 'EnvoyExtensions',
    },
  },
);

export type ProxyBody = Decoded<typeof proxyConfig>;

import { flag, number, text } from '../../schema/go-fields.ts';
import { bool, type Decoded, duration, goStruct, goType, int, list, map, optional, string, withDefault } from '../../schema/schema.ts';

const time = (doc: string) => withDefault(duration(), 0, doc);

/** What a check does, in all of its sorts. */
const action = {
  HTTP: text('URL to ask; 2xx passes, 429 warns, everything else is critical.'),
  Header: withDefault(map(list(string())), {}, 'Headers of that request.'),
  Method: text('GET by default.'),
  Body: text('Body of that request.'),
  DisableRedirects: flag('Take a redirect for the answer.'),
  TCP: text('host:port that must accept a connection.'),
  TCPUseTLS: flag('… and complete a TLS handshake.'),
  UDP: text('host:port that must not refuse a datagram.'),
  GRPC: text('host:port/service that speaks the gRPC health protocol.'),
  GRPCUseTLS: flag('… over TLS.'),
  H2PING: text('host:port that must answer a ping of HTTP/2.'),
  H2PingUseTLS: optional(bool(), '… over TLS, which is the default.'),
  OSService: text('Name of a service of the operating system.'),
  ScriptArgs: withDefault(list(string()), [], 'Command to run: exit code 0 passes, 1 warns, others are critical.'),
  DockerContainerID: text('Container to run the command in.'),
  Shell: text('Shell of that container.'),
  AliasNode: text('Node whose health it has.'),
  AliasService: text('Id of the service whose health it has.'),
  TLSServerName: text('Name that a certificate must have.'),
  TLSSkipVerify: flag('Take any certificate.'),
  Interval: time('Time between two.'),
  Timeout: time('The longest that one may take; 10s by default.'),
  TTL: time('The service reports its own state at least this often.'),
  SuccessBeforePassing: number('How many in a row must pass before it does.'),
  FailuresBeforeWarning: number('How many in a row must fail before it warns.'),
  FailuresBeforeCritical: number('How many in a row must fail before it is critical.'),
  DeregisterCriticalServiceAfter: time('Its service goes when it was critical for so long; at least 1m.'),
  OutputMaxSize: number('How much of an output is kept, in bytes; 4096 by default.'),
};

const aliases = {
  args: 'ScriptArgs',
  script_args: 'ScriptArgs',
  deregister_critical_service_after: 'DeregisterCriticalServiceAfter',
  docker_container_id: 'DockerContainerID',
  tls_server_name: 'TLSServerName',
  tls_skip_verify: 'TLSSkipVerify',
  tcp_use_tls: 'TCPUseTLS',
  grpc_use_tls: 'GRPCUseTLS',
  h2ping_use_tls: 'H2PingUseTLS',
};

/** A check inside of a service (Consul's structs.CheckType). */
export const checkType = goStruct(
  'structs.CheckType',
  {
    CheckID: text('`service:<service id>` by default.'),
    Name: text('What people call it.'),
    Status: text('What it is until it first ran; critical by default.'),
    Notes: text('For people.'),
    ...action,
    ProxyHTTP: text('Set by Consul itself.'),
    ProxyGRPC: text('Set by Consul itself.'),
    ServiceID: text('Known and not used: the check belongs to the service that it is written in.'),
  },
  { aliases: { ...aliases, service_id: 'ServiceID' }, unmarshals: true },
);

/** A check of its own (Consul's structs.CheckDefinition). */
export const checkDefinition = goStruct(
  '',
  {
    ID: text('The name by default.'),
    Name: text('What people call it.'),
    Notes: text('For people.'),
    ServiceID: text('The service that it is of; the node when empty.'),
    Token: text('Registers it with this token instead of the own one.'),
    Status: text('What it is until it first ran; critical by default.'),
    ...action,
  },
  { aliases: { ...aliases, service_id: 'ServiceID' }, unmarshals: true },
);

/** How a check of the catalog is meant to be made; Consul's own agents don't look at it. */
const healthCheckDefinition = goStruct(
  'structs.HealthCheckDefinition',
  {
    HTTP: text('URL.'),
    TLSServerName: text('Name that a certificate must have.'),
    TLSSkipVerify: flag('Take any certificate.'),
    Header: withDefault(map(list(string())), {}, 'Headers.'),
    Method: text('Method.'),
    Body: text('Body.'),
    DisableRedirects: flag('Take a redirect for the answer.'),
    TCP: text('host:port.'),
    TCPUseTLS: flag('With TLS.'),
    UDP: text('host:port.'),
    H2PING: text('host:port.'),
    OSService: text('Name of a service of the operating system.'),
    H2PingUseTLS: flag('With TLS.'),
    Interval: time('Time between two.'),
    OutputMaxSize: withDefault(goType('uint', int()), 0, 'Bytes of output that are kept.'),
    Timeout: time('The longest that one may take.'),
    DeregisterCriticalServiceAfter: time('When its service should go.'),
    ScriptArgs: withDefault(list(string()), [], 'Command.'),
    DockerContainerID: text('Container.'),
    Shell: text('Shell.'),
    GRPC: text('host:port/service.'),
    GRPCUseTLS: flag('With TLS.'),
    AliasNode: text('Node.'),
    AliasService: text('Id of a service.'),
    TTL: time('How often it is reported.'),
  },
  { unmarshals: true },
);

/** A check of a catalog registration (Consul's structs.HealthCheck). */
export const healthCheck = goStruct('structs.HealthCheck', {
  Node: text('That of the registration by default.'),
  CheckID: text('The name by default.'),
  Name: text('What people call it.'),
  Status: text('passing, warning or critical.'),
  Notes: text('For people.'),
  Output: text('What was seen last.'),
  ServiceID: text('The service that it is of; the node when empty.'),
  ServiceName: text('Known by the id.'),
  ServiceTags: withDefault(list(string()), [], 'Known by the id.'),
  Type: text('http, tcp, ttl, …'),
  Interval: text('Time between two, for people.'),
  Timeout: text('The longest that one may take, for people.'),
  ExposedPort: number('Set by Consul itself.'),
  PeerName: text('Set by Consul itself.'),
  Definition: withDefault(healthCheckDefinition, {} as Decoded<typeof healthCheckDefinition>, 'How it is meant to be made.'),
  CreateIndex: withDefault(goType('uint64', int()), 0, 'Not used.'),
  ModifyIndex: withDefault(goType('uint64', int()), 0, 'Not used.'),
});

export type CheckTypeBody = Decoded<typeof checkType>;
export type CheckDefinitionBody = Decoded<typeof checkDefinition>;
export type HealthCheckBody = Decoded<typeof healthCheck>;

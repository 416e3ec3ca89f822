const check = { CheckID: 'c', Name: 'c', TTL: '10s', Status: 'passing', Notes: 'n', ServiceID: 'web' };
const proxy = {
  DestinationServiceName: 'web',
  DestinationServiceID: 'web',
  LocalServiceAddress: '127.0.0.1',
  LocalServicePort: 80,
  Config: { protocol: 'http', local_connect_timeout_ms: 100 },
  Upstreams: [{ DestinationType: 'service', DestinationName: 'api', Datacenter: 'dc1', LocalBindPort: 9191, Config: { a: 1 } }],
  MeshGateway: { Mode: 'local' },
  Expose: { Checks: true, Paths: [{ Path: '/health', LocalPathPort: 80, ListenerPort: 81, Protocol: 'http' }] },
};
const service = {
  ID: 'web',
  Name: 'web',
  Tags: ['a'],
  Address: '127.0.0.1',
  Port: 80,
  Meta: { version: '1' },
  TaggedAddresses: { lan: { Address: '127.0.0.1', Port: 80 } },
  Weights: { Passing: 1, Warning: 1 },
  EnableTagOverride: true,
};
const node = { Node: 'vm', ID: '', Address: '127.0.0.1', Datacenter: 'dc1', TaggedAddresses: { lan: '127.0.0.1' }, NodeMeta: { a: 'b' } };
const { Name: _, ...catalogService } = service;

/** Bodies that endpoints take, by path: what is sent are these with some of their values replaced. */
export const BODIES: Readonly<Record<string, readonly unknown[]>> = {
  '/v1/catalog/register': [
    {
      ...node,
      Service: { ...catalogService, Service: 'web' },
      Checks: [{ ...check, TTL: undefined, Node: 'vm', Definition: { Interval: '10s', HTTP: 'http://x' } }],
    },
    { ...node, Service: { ID: 'p', Service: 'p', Kind: 'connect-proxy', Port: 81, Proxy: proxy }, SkipNodeUpdate: true },
  ],
  '/v1/catalog/deregister': [{ Node: 'vm', ServiceID: 'web', CheckID: 'c', Datacenter: 'dc1' }, { Node: 'vm' }],
  '/v1/agent/service/register': [
    { ...service, Check: { ...check, Interval: undefined } },
    { ...service, Checks: [{ HTTP: 'http://127.0.0.1:1/', Interval: '1h', Timeout: '1s', Header: { a: ['b'] }, Method: 'PUT' }] },
    { Name: 'api', Port: 81, Connect: { SidecarService: { Port: 21000, Proxy: proxy, Checks: [check] } } },
    { Name: 'p', Kind: 'connect-proxy', Port: 82, Proxy: proxy },
    { Name: 'mg', Kind: 'mesh-gateway', Port: 83 },
  ],
  '/v1/agent/check/register': [
    check,
    { Name: 'tcp', TCP: '127.0.0.1:1', Interval: '1h' },
    { Name: 'alias', AliasNode: 'vm', AliasService: 'web' },
  ],
  '/v1/agent/check/update/:id': [{ Status: 'passing', Output: 'x' }],
  '/v1/config': [
    { Kind: 'service-defaults', Name: 'web', Protocol: 'http', MeshGateway: { Mode: 'local' }, Expose: { Checks: true }, Meta: { a: 'b' } },
    { Kind: 'proxy-defaults', Name: 'global', Config: { protocol: 'http', a: { b: [1] } } },
    {
      Kind: 'service-resolver',
      Name: 'web',
      DefaultSubset: 'v1',
      Subsets: { v1: { Filter: 'Service.Meta.version == v1', OnlyPassing: true } },
      ConnectTimeout: '5s',
      Failover: { '*': { Datacenters: ['dc2'] } },
    },
    {
      Kind: 'service-splitter',
      Name: 'web',
      Splits: [
        { Weight: 50, ServiceSubset: 'v1' },
        { Weight: 50, Service: 'api' },
      ],
    },
    {
      Kind: 'service-router',
      Name: 'web',
      Routes: [
        {
          Match: { HTTP: { PathPrefix: '/a', Header: [{ Name: 'x', Regex: 'a.*' }] } },
          Destination: { Service: 'api', RequestTimeout: '1s' },
        },
      ],
    },
    {
      Kind: 'service-intentions',
      Name: 'web',
      Sources: [
        { Name: 'api', Action: 'allow' },
        { Name: '*', Permissions: [{ Action: 'deny', HTTP: { PathExact: '/' } }] },
      ],
    },
    { Kind: 'ingress-gateway', Name: 'gw', Listeners: [{ Port: 8080, Protocol: 'http', Services: [{ Name: 'web', Hosts: ['a.b'] }] }] },
    { Kind: 'terminating-gateway', Name: 'tg', Services: [{ Name: 'web', CAFile: 'a', SNI: 'b' }] },
    { Kind: 'mesh', TransparentProxy: { MeshDestinationsOnly: true } },
    { Kind: 'exported-services', Name: 'default', Services: [{ Name: 'web', Consumers: [{ Peer: 'x' }] }] },
    { Kind: 'jwt-provider', Name: 'j', Issuer: 'x', JSONWebKeySet: { Local: { JWKS: 'e30=' } } },
  ],
  '/v1/connect/intentions': [
    { SourceName: 'web', DestinationName: 'api', Action: 'allow', SourceType: 'consul', Description: 'd', Meta: { a: 'b' } },
  ],
  '/v1/connect/intentions/exact': [{ Action: 'allow', Description: 'd' }, { Permissions: [{ Action: 'allow', HTTP: { PathExact: '/' } }] }],
  '/v1/connect/intentions/:id': [{ SourceName: 'web', DestinationName: 'api', Action: 'deny' }],
  '/v1/connect/ca/configuration': [
    { Provider: 'consul', Config: { LeafCertTTL: '72h', RotationPeriod: '2160h', IntermediateCertTTL: '8760h' } },
  ],
  '/v1/agent/connect/authorize': [
    {
      Target: 'web',
      ClientCertURI: 'spiffe://11111111-2222-3333-4444-555555555555.consul/ns/default/dc/dc1/svc/api',
      ClientCertSerial: '00',
    },
  ],
  '/v1/discovery-chain/:service': [{ OverrideConnectTimeout: '5s', OverrideProtocol: 'http', OverrideMeshGateway: { Mode: 'local' } }],
  '/v1/session/create': [
    { Name: 's', Node: 'local', LockDelay: '15s', TTL: '10s', Behavior: 'delete', NodeChecks: [], ServiceChecks: [{ ID: 'c' }] },
  ],
  '/v1/txn': [
    [
      { KV: { Verb: 'set', Key: 'a', Value: 'MQ==', Flags: 1, Index: 0, Session: '' } },
      { Node: { Verb: 'set', Node: { Node: 'txn', Address: '127.0.0.1' } } },
      { Service: { Verb: 'set', Node: 'txn', Service: { ID: 's', Service: 's', Port: 1 } } },
      { Check: { Verb: 'set', Check: { Node: 'txn', CheckID: 'c', Name: 'c', Status: 'passing', Definition: { Interval: '1s' } } } },
    ],
    [{ KV: { Verb: 'cas', Key: 'a', Value: '', Index: 3 } }, { KV: { Verb: 'delete-tree', Key: 'a' } }],
  ],
  '/v1/query': [
    {
      Name: 'q',
      Session: '',
      Token: '',
      Service: { Service: 'web', Failover: { NearestN: 1, Datacenters: ['dc1'] }, OnlyPassing: true, Tags: ['a'], NodeMeta: { a: 'b' } },
      DNS: { TTL: '10s' },
    },
  ],
  '/v1/query/:id': [{ Name: 'q', Template: { Type: 'name_prefix_match', Regexp: '^q(.*)$' }, Service: { Service: 'web' } }],
  '/v1/coordinate/update': [{ Node: 'local', Coord: { Vec: [0, 0, 0, 0, 0, 0, 0, 0], Error: 1.5, Adjustment: 0, Height: 1e-5 } }],
  '/v1/operator/autopilot/configuration': [{ CleanupDeadServers: true, LastContactThreshold: '200ms', MaxTrailingLogs: 250 }],
  '/v1/acl/bootstrap': [{ BootstrapSecret: '' }],
  '/v1/acl/policy': [{ Name: 'p', Description: 'd', Rules: 'service "a" { policy = "read" }', Datacenters: ['dc1'] }],
  '/v1/acl/role': [
    {
      Name: 'r',
      Policies: [{ Name: 'p' }],
      ServiceIdentities: [{ ServiceName: 'web' }],
      NodeIdentities: [{ NodeName: 'n', Datacenter: 'dc1' }],
    },
  ],
  '/v1/acl/token': [{ Description: 'd', Policies: [{ Name: 'p' }], Roles: [{ Name: 'r' }], ExpirationTTL: '1h', Local: true }],
  '/v1/acl/auth-method': [
    { Name: 'm', Type: 'jwt', Config: { JWTValidationPubKeys: ['x'], BoundIssuer: 'i', ClaimMappings: { a: 'b' } }, MaxTokenTTL: '5m' },
  ],
  '/v1/acl/binding-rule': [{ AuthMethod: 'm', BindType: 'service', BindName: 'web', Selector: 'value.a == b' }],
  '/v1/acl/login': [{ AuthMethod: 'm', BearerToken: 'a.b.c', Meta: {} }],
  '/v1/peering/token': [{ PeerName: 'x', Meta: { a: 'b' } }],
  '/v1/peering/establish': [{ PeerName: 'x', PeeringToken: 'e30=' }],
  '/v1/mesh/explain': [
    {
      source: 'web',
      destination: 'payments',
      sourceDatacenter: 'dc1',
      request: { method: 'GET', path: '/a?b=c', headers: [['X-Group', 'dev']] },
    },
    { source: 'web', destination: 'payments' },
  ],
  '/v1/mesh/config/parse': [
    { Kind: 'service-defaults', Name: 'web', Protocol: 'http' },
    {
      Kind: 'service-intentions',
      Name: 'web',
      Sources: [{ Name: 'api', Permissions: [{ Action: 'deny', HTTP: { PathRegex: '(', Header: [{ Name: 'x' }] } }] }],
    },
  ],
  '/v1/mesh/blueprints/plan': [{ id: 'v2', movePorts: true, replace: ['v1'] }],
  '/v1/mesh/blueprints/run': [{ id: 'v2', movePorts: true, replace: ['v1'] }],
  '/v1/mesh/blueprints/destroy': [{ id: 'v2' }],
};

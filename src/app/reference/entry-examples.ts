/** What each kind of config entry is for here: a sentence, where to read on, and an entry that is right. */
export interface EntryExample {
  /** What the data plane, or who else, does with it. */
  readonly does: string;
  /** Pages of docs/ that tell more, with their heading. */
  readonly more?: string;
  /** Absent: nobody writes one. */
  readonly hcl?: string;
}

export const ENTRY_EXAMPLES: Readonly<Record<string, EntryExample>> = {
  'service-defaults': {
    does: 'Sidecars speak the protocol that it names, and take limits, mutual TLS mode and settings of upstreams from it.',
    more: '[protocols](../data-plane.md#protocols)',
    hcl: `Kind     = "service-defaults"
Name     = "payments"
Protocol = "http"
UpstreamConfig {
  Defaults {
    ConnectTimeoutMs = 500
    Limits { MaxPendingRequests = 64 }
  }
}`,
  },
  'proxy-defaults': {
    does: 'Defaults for all sidecars and gateways: protocol, access logs, settings that Envoy would get.',
    more: '[observability](../observability.md)',
    hcl: `Kind = "proxy-defaults"
Name = "global"
Config {
  protocol = "http"
}
AccessLogs {
  Enabled = true
}`,
  },
  'service-router': {
    does: 'Callers look at each request and send it to the service, subset or path of the first route that matches.',
    more: '[where a request goes](../data-plane.md#where-a-request-goes)',
    hcl: `Kind = "service-router"
Name = "payments"
Routes = [
  {
    Match { HTTP { PathPrefix = "/currency" } }
    Destination {
      Service       = "currency"
      PrefixRewrite = "/"
      NumRetries    = 2
    }
  },
]`,
  },
  'service-splitter': {
    does: 'Callers spread requests over services or subsets by weight: canaries.',
    more: '[where a request goes](../data-plane.md#where-a-request-goes)',
    hcl: `Kind = "service-splitter"
Name = "payments"
Splits = [
  {
    Weight        = 90
    ServiceSubset = "v1"
  },
  {
    Weight        = 10
    ServiceSubset = "v2"
  },
]`,
  },
  'service-resolver': {
    does: 'Names subsets of instances by a filter, redirects, fails over, balances, and bounds the time of a connection.',
    more: '[where a request goes](../data-plane.md#where-a-request-goes)',
    hcl: `Kind          = "service-resolver"
Name          = "payments"
DefaultSubset = "v1"
Subsets = {
  v1 = { Filter = "Service.Meta.version == 1" }
  v2 = {
    Filter      = "Service.Meta.version == 2"
    OnlyPassing = true
  }
}`,
  },
  'service-intentions': {
    does: 'Sidecars of the service decide by it who may call: about connections, and about requests where permissions are given.',
    more: '[intentions](../zero-trust.md#intentions)',
    hcl: `Kind = "service-intentions"
Name = "payments"
Sources = [
  {
    Name = "web"
    Permissions = [
      {
        Action = "allow"
        HTTP {
          PathPrefix = "/pay"
          Methods    = ["POST"]
        }
      },
      {
        Action = "deny"
        HTTP { PathPrefix = "/" }
      },
    ]
  },
  {
    Name   = "*"
    Action = "deny"
  },
]`,
  },
  'ingress-gateway': {
    does: 'A gateway of that name listens on these ports and calls services of the mesh for clients from outside.',
    more: '[ingress-gateway](../gateways.md#ingress-gateway)',
    hcl: `Kind = "ingress-gateway"
Name = "front"
Listeners = [
  {
    Port     = 8080
    Protocol = "http"
    Services = [
      {
        Name  = "web"
        Hosts = ["web.example.com"]
      },
    ]
  },
]`,
  },
  'terminating-gateway': {
    does: 'A gateway of that name stands for services outside of the mesh, and speaks TLS to them.',
    more: '[terminating-gateway](../gateways.md#terminating-gateway)',
    hcl: `Kind = "terminating-gateway"
Name = "out"
Services = [
  {
    Name   = "billing"
    CAFile = "/etc/ssl/certs/billing.pem"
    SNI    = "billing.example.com"
  },
]`,
  },
  'api-gateway': {
    does: 'A gateway of that name listens; routes and certificates are entries of their own.',
    more: '[api-gateway](../gateways.md#api-gateway)',
    hcl: `Kind = "api-gateway"
Name = "api"
Listeners = [
  {
    Name     = "http"
    Port     = 8443
    Protocol = "http"
    TLS {
      Certificates = [
        {
          Kind = "inline-certificate"
          Name = "site"
        },
      ]
    }
  },
]`,
  },
  'http-route': {
    does: 'What an API gateway does with the requests of its listeners.',
    more: '[api-gateway](../gateways.md#api-gateway)',
    hcl: `Kind = "http-route"
Name = "shop"
Parents = [
  {
    Kind        = "api-gateway"
    Name        = "api"
    SectionName = "http"
  },
]
Rules = [
  {
    Matches  = [{ Path { Match = "prefix" Value = "/pay" } }]
    Services = [{ Name = "payments" }]
  },
]`,
  },
  'tcp-route': {
    does: 'Where an API gateway sends the connections of a listener.',
    more: '[api-gateway](../gateways.md#api-gateway)',
    hcl: `Kind = "tcp-route"
Name = "database"
Parents = [
  {
    Kind = "api-gateway"
    Name = "api"
  },
]
Services = [{ Name = "db" }]`,
  },
  'inline-certificate': {
    does: 'A certificate and its key for listeners of API gateways, kept in the registry.',
    more: '[api-gateway](../gateways.md#api-gateway)',
  },
  'file-system-certificate': {
    does: 'The same, in files that the data plane reads, and reads again when they change.',
    more: '[api-gateway](../gateways.md#api-gateway)',
    hcl: `Kind        = "file-system-certificate"
Name        = "site"
Certificate = "/etc/tls/site.pem"
PrivateKey  = "/etc/tls/site.key"`,
  },
  'bound-api-gateway': { does: 'Made by the agent: which routes have found their listener at an API gateway.' },
  mesh: {
    does: 'Settings of all of the mesh: TLS versions and ciphers, how paths are normalized, services outside of the mesh.',
    more: '[paths](../zero-trust.md#paths)',
    hcl: `Kind = "mesh"
TransparentProxy {
  MeshDestinationsOnly = true
}
HTTP {
  Incoming {
    RequestNormalization { MergeSlashes = true }
  }
}`,
  },
  'exported-services': {
    does: 'Which services a peer gets to see. The data plane takes no part in it.',
    hcl: `Kind = "exported-services"
Name = "default"
Services = [
  {
    Name      = "payments"
    Consumers = [{ Peer = "other" }]
  },
]`,
  },
  'sameness-group': {
    does: 'Kept and shown. A feature of Consul Enterprise: resolvers of its community edition, and of mesh, do not fail over by it.',
  },
  'jwt-provider': {
    does: 'Whose tokens count, with which keys: intentions, and routes of API gateways, ask for them by its name.',
    more: '[tokens](../zero-trust.md#tokens)',
    hcl: `Kind   = "jwt-provider"
Name   = "accounts"
Issuer = "https://accounts.example.com"
JSONWebKeySet {
  Remote {
    URI                 = "https://accounts.example.com/jwks.json"
    FetchAsynchronously = true
  }
}`,
  },
};

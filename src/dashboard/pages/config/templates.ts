/** What a new entry of a kind begins with: every one can be written as it is, or needs a certificate or a service of its own. */
export const TEMPLATES: Readonly<Record<string, string>> = {
  'service-defaults': `Kind     = "service-defaults"
Name     = "web"
Protocol = "http"
`,
  'proxy-defaults': `Kind = "proxy-defaults"
Name = "global"
Config {
  protocol = "http"
}
`,
  'service-resolver': `Kind          = "service-resolver"
Name          = "payments"
DefaultSubset = "v1"
Subsets {
  v1 {
    Filter = "Service.Meta.version == 1"
  }
  v2 {
    Filter = "Service.Meta.version == 2"
  }
}
`,
  'service-splitter': `Kind = "service-splitter"
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
]
`,
  'service-router': `Kind = "service-router"
Name = "payments"
Routes = [
  {
    Match {
      HTTP {
        PathPrefix = "/currency"
      }
    }
    Destination {
      Service       = "currency"
      PrefixRewrite = "/"
    }
  },
]
`,
  'service-intentions': `Kind = "service-intentions"
Name = "payments"
Sources = [
  {
    Name   = "web"
    Action = "allow"
  },
]
`,
  'ingress-gateway': `Kind = "ingress-gateway"
Name = "ingress"
Listeners = [
  {
    Port     = 8080
    Protocol = "http"
    Services = [
      {
        Name = "web"
      },
    ]
  },
]
`,
  'terminating-gateway': `Kind = "terminating-gateway"
Name = "egress"
Services = [
  {
    Name = "database"
  },
]
`,
  'api-gateway': `Kind = "api-gateway"
Name = "gateway"
Listeners = [
  {
    Name     = "http"
    Port     = 8080
    Protocol = "http"
  },
]
`,
  'http-route': `Kind = "http-route"
Name = "web"
Parents = [
  {
    Kind = "api-gateway"
    Name = "gateway"
  },
]
Rules = [
  {
    Services = [
      {
        Name = "web"
      },
    ]
  },
]
`,
  'tcp-route': `Kind = "tcp-route"
Name = "database"
Parents = [
  {
    Kind = "api-gateway"
    Name = "gateway"
  },
]
Services = [
  {
    Name = "database"
  },
]
`,
  'jwt-provider': `Kind   = "jwt-provider"
Name   = "company"
Issuer = "https://issuer.example.com"
JSONWebKeySet {
  Remote {
    URI = "https://issuer.example.com/keys.json"
  }
}
`,
  'file-system-certificate': `Kind        = "file-system-certificate"
Name        = "shop"
Certificate = "/etc/shop/tls.crt"
PrivateKey  = "/etc/shop/tls.key"
`,
  'exported-services': `Kind = "exported-services"
Name = "default"
Services = [
  {
    Name = "payments"
    Consumers = [
      {
        Peer = "partner"
      },
    ]
  },
]
`,
  mesh: `Kind = "mesh"
TransparentProxy {
  MeshDestinationsOnly = true
}
`,
};

/**
 * A blueprint for the reference page of each resource type; of a row for one spelling under `<type>/<dialect>`. A test loads
 * them, beside a few files that they name (test/blueprints/reference/examples.test.ts).
 */
export const EXAMPLES: Readonly<Record<string, string>> = {
  certificate_ca: `
certificate_ca "root" {
  output = "./certs"
}
`,
  certificate_leaf: `
certificate_ca "root" {
  output = "./certs"
}

certificate_leaf "web" {
  ca_cert      = "./certs/root.cert"
  ca_key       = "./certs/root.key"
  dns_names    = ["localhost", "web.container.shipyard.run"]
  ip_addresses = ["127.0.0.1"]
  output       = "./certs"
}
`,
  container: `
network "local" {
  subnet = "10.5.0.0/16"
}

container "web" {
  image {
    name = "nicholasjackson/fake-service:v0.26.2"
  }

  network {
    name       = "network.local"
    ip_address = "10.5.0.20"
  }

  env_var = {
    NAME    = "web"
    MESSAGE = "Hello from \${variable.region}"
  }

  port {
    local = 9090
    host  = 9090
  }

  health_check {
    timeout = "30s"
    http    = "http://localhost:9090/health"
  }
}

variable "region" {
  default = "eu"
}
`,
  container_ingress: `
container "web" {
  image {
    name = "nicholasjackson/fake-service:v0.26.2"
  }
}

container_ingress "web" {
  target = "container.web"

  port {
    remote          = 9090
    host            = 18080
    open_in_browser = "/ui"
  }
}
`,
  copy: `
copy "config" {
  source      = "./files/config.json"
  destination = "./made/config.json"
  permissions = "0644"
}
`,
  docs: `
docs "docs" {
  path            = "./docs"
  port            = 8080
  open_in_browser = true
  index_title     = "Workshop"
}
`,
  exec_local: `
exec_local "seed" {
  cmd  = "sh"
  args = ["-c", "echo seeded by $WHO"]

  env {
    key   = "WHO"
    value = "mesh"
  }

  timeout = "60s"
}
`,
  exec_remote: `
exec_remote "defaults" {
  image {
    name = "shipyardrun/tools:v0.6.0"
  }

  cmd  = "consul"
  args = ["config", "write", "/config/payments_defaults.hcl"]

  volume {
    source      = "./files"
    destination = "/config"
  }
}
`,
  helm: `
k8s_cluster "k3s" {
  driver = "k3s"
}

helm "consul" {
  cluster = "k8s_cluster.k3s"
  chart   = "hashicorp/consul"

  values_string = {
    "connectInject.default" = "true"
  }
}
`,
  ingress: `
container "web" {
  image {
    name = "nicholasjackson/fake-service:v0.26.2"
  }
}

ingress "web" {
  source {
    driver = "local"

    config {
      port = 18080
    }
  }

  destination {
    driver = "docker"

    config {
      address = "web.container.shipyard.run"
      port    = 9090
    }
  }
}
`,
  k8s_cluster: `
network "local" {
  subnet = "10.5.0.0/16"
}

k8s_cluster "k3s" {
  driver = "k3s"

  network {
    name = "network.local"
  }
}
`,
  k8s_config: `
k8s_cluster "k3s" {
  driver = "k3s"
}

k8s_config "web" {
  cluster          = "k8s_cluster.k3s"
  paths            = ["./k8s/web.yaml"]
  wait_until_ready = true
}
`,
  k8s_ingress: `
k8s_cluster "k3s" {
  driver = "k3s"
}

k8s_config "web" {
  cluster          = "k8s_cluster.k3s"
  paths            = ["./k8s/web.yaml"]
  wait_until_ready = true
}

k8s_ingress "web" {
  cluster = "k8s_cluster.k3s"
  service = "web"

  port {
    remote = 9090
    host   = 18080
  }
}
`,
  network: `
network "local" {
  subnet = "10.5.0.0/16"
}
`,
  nomad_cluster: `
container "consul" {
  image {
    name = "consul:1.10.1"
  }
  command = ["consul", "agent", "-dev"]
}

nomad_cluster "dev" {
  client_nodes = 1
  environment = {
    CONSUL_SERVER = "consul.container.shipyard.run"
  }
}
`,
  nomad_ingress: `
nomad_cluster "dev" {}

nomad_job "web" {
  cluster = "nomad_cluster.dev"
  paths   = ["./nomad/web.nomad"]
}

nomad_ingress "web" {
  cluster = "nomad_cluster.dev"
  job     = "web"
  group   = "web"
  task    = "web"

  port {
    remote = "http"
    host   = 18081
  }
}
`,
  nomad_job: `
nomad_cluster "dev" {}

nomad_job "web" {
  cluster = "nomad_cluster.dev"
  paths   = ["./nomad/web.nomad"]

  health_check {
    timeout    = "60s"
    nomad_jobs = ["web"]
  }
}
`,
  output: `
network "local" {
  subnet = "10.5.0.0/16"
}

output "subnet" {
  description = "What \`mesh output subnet\` prints"
  value       = resource.network.local.subnet
}
`,
  sidecar: `
container "web" {
  image {
    name = "nicholasjackson/fake-service:v0.26.2"
  }
}

sidecar "envoy" {
  target = "container.web"

  image {
    name = "shipyardrun/tools:v0.6.0"
  }

  command = ["sleep", "3600"]
}
`,
  template: `
template "config" {
  source      = <<-EOF
    region = #{{ .Vars.region | quote }}
    #{{ range .Vars.ports }}port #{{ . }}
    #{{ end }}
  EOF
  destination = "./made/config.txt"

  vars = {
    region = "eu"
    ports  = [8080, 9090]
  }
}
`,
  process: `
process "payments" {
  command  = ["node", "payments.js"]
  port     = 9090
  protocol = "http"

  check {
    http     = "/"
    interval = "5s"
  }
}

process "web" {
  command   = ["node", "web.js"]
  port      = 8080
  host_port = 18080

  upstream "payments" {
    local_bind_port = 9091
  }
}
`,
  config_entry: `
config_entry "service-defaults" "payments" {
  protocol = "http"
}

config_entry "service-router" "payments" {
  routes = [
    {
      match       = { http = { path_prefix = "/v2" } }
      destination = { service = "payments-v2", prefix_rewrite = "/" }
    }
  ]
}

config_entry "service-defaults" "payments-v2" {
  protocol = "http"
}
`,
  service: `
service "legacy" {
  address = "127.0.0.1"
  port    = 5432
  tags    = ["database"]

  check {
    tcp      = "5432"
    interval = "5s"
  }
}
`,
  intention: `
intention "web-to-payments" {
  source      = "web"
  destination = "payments"
  action      = "allow"
}

intention "nobody-else" {
  source      = "*"
  destination = "payments"
  action      = "deny"
}
`,
};

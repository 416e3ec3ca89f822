import type { Examples } from './index.ts';

export const workloads: Examples = {
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
  'container/jumppad': `
resource "network" "local" {
  subnet = "10.5.0.0/16"
}

resource "container" "web" {
  image {
    name = "nicholasjackson/fake-service:v0.26.2"
  }
  network {
    id         = resource.network.local.meta.id
    ip_address = "10.5.0.100"
  }
  environment = {
    NAME = "web"
  }
  port {
    local = 9090
    host  = 9090
  }
  health_check {
    timeout = "30s"
    http {
      address       = "http://localhost:9090/health"
      success_codes = [200]
    }
  }
}
`,
  exec: `
exec "token" {
  script = <<-EOF
    #!/bin/sh
    echo "token=abc" >> $EXEC_OUTPUT
  EOF

  environment = {
    LEVEL = "debug"
  }
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
  'sidecar/jumppad': `
resource "container" "web" {
  image {
    name = "nicholasjackson/fake-service:v0.26.2"
  }
}

resource "sidecar" "beside" {
  target = resource.container.web
  image {
    name = "nicholasjackson/fake-service:v0.26.2"
  }
  environment = {
    LISTEN_ADDR = "0.0.0.0:9099"
  }
}
`,
};

import type { Examples } from './index.ts';

export const networks: Examples = {
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
  http: `
container "web" {
  image {
    name = "nicholasjackson/fake-service:v0.26.2"
  }
  port {
    local = 9090
    host  = 9090
  }
}

http "health" {
  method  = "GET"
  url     = "http://web.container.shipyard.run:9090/health"
  headers = {
    Accept = "application/json"
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
  'ingress/jumppad': `
resource "container" "web" {
  image {
    name = "nicholasjackson/fake-service:v0.26.2"
  }
}

resource "ingress" "web" {
  port = 18080

  target {
    resource = resource.container.web
    port     = 9090
  }
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
};

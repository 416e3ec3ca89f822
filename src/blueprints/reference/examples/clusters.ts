import type { Examples } from './index.ts';

export const clusters: Examples = {
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
  image_cache: `
image_cache "docker-cache" {}
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
};

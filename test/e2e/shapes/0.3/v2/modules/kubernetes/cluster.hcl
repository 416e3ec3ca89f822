k8s_cluster "dc1" {
  driver = "k3s"
  nodes  = 1

  network {
    name = "network.shop"
  }
}

helm "consul" {
  cluster = "k8s_cluster.dc1"

  chart  = "github.com/hashicorp/consul-helm?ref=v0.31.1"
  values = "./helm/values.yaml"

  values_string = {
    "global.datacenter"     = var.datacenter
    "externalServers.hosts[0]" = var.consul_ip
  }

  health_check {
    timeout = "120s"
    pods    = ["app=consul"]
  }
}

k8s_config "web" {
  depends_on = ["helm.consul"]

  cluster          = "k8s_cluster.dc1"
  paths            = ["${file_dir()}/k8s_config"]
  wait_until_ready = true

  health_check {
    timeout = "120s"
    pods    = ["app=web"]
  }
}

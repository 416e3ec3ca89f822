helm "consul" {
  cluster = "k8s_cluster.k3s"
  chart   = "github.com/hashicorp/consul-helm?ref=v0.23.1"
  values  = "./helm/consul-values.yaml"

  health_check {
    timeout = "120s"
    pods    = ["release=consul"]
  }
}

k8s_ingress "consul-http" {
  cluster = "k8s_cluster.k3s"
  service = "consul-consul-server"

  network {
    name = "network.cloud"
  }

  port {
    local  = 8500
    remote = 8500
    host   = 18500
  }
}

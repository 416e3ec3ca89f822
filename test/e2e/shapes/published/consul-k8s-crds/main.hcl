network "cloud" {
  subnet = "10.9.0.0/16"
}

k8s_cluster "k3s" {
  driver = "k3s"

  network {
    name = "network.cloud"
  }
}

helm "consul" {
  cluster = "k8s_cluster.k3s"
  chart   = "github.com/hashicorp/consul-helm?ref=v0.28.0"
  values  = "./helm/consul-values.yaml"

  health_check {
    timeout = "120s"
    pods    = ["release=consul"]
  }
}

k8s_config "app" {
  depends_on = ["helm.consul"]

  cluster          = "k8s_cluster.k3s"
  paths            = ["./app", "./crds"]
  wait_until_ready = true
}

k8s_ingress "web" {
  cluster = "k8s_cluster.k3s"
  service = "web-service"

  network {
    name = "network.cloud"
  }

  port {
    local  = 9090
    remote = 9090
    host   = 9090
  }
}

k8s_ingress "consul-http" {
  cluster = "k8s_cluster.k3s"
  service = "consul-server"

  network {
    name = "network.cloud"
  }

  port {
    local  = 8500
    remote = 8500
    host   = 18500
  }
}

output "KUBECONFIG" {
  value = k8s_config("k3s")
}

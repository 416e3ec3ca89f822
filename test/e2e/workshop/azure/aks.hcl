k8s_cluster "aks" {
  driver  = "k3s"
  version = "v1.0.0"
  nodes   = 1

  network {
    name = "network.azure"
  }

  network {
    name = "network.wan"
  }

  image {
    name = "nicholasjackson/fake-service:v0.9.0"
  }
}

helm "consul" {
  cluster = "k8s_cluster.aks"
  chart   = "./helm/consul-helm-0.16.2"
  values  = "./helm/consul-values.yaml"

  health_check {
    timeout = "120s"
    pods    = ["release=consul"]
  }
}

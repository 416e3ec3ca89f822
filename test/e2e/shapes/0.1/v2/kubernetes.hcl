k8s_cluster "k3s" {
  driver  = "k3s"
  version = "v1.18.4-k3s1"

  nodes = 1

  network {
    name = "network.local"
  }

  image {
    name = "nicholasjackson/fake-service:v0.14.1"
  }
}

helm "consul" {
  cluster = "k8s_cluster.k3s"
  chart   = "github.com/hashicorp/consul-helm?ref=v0.22.0"
  values  = "./helm/consul_values.yaml"

  health_check {
    timeout = "120s"
    pods    = ["release=consul"]
  }
}

k8s_config "web" {
  cluster    = "k8s_cluster.k3s"
  depends_on = ["helm.consul"]

  paths = [
    "./k8s_config/web.yaml",
  ]

  wait_until_ready = true

  health_check {
    timeout = "60s"
    pods    = ["app=web"]
  }
}

k8s_ingress "web" {
  cluster = "k8s_cluster.k3s"
  service = "web"

  network {
    name = "network.local"
  }

  port {
    local           = 9090
    remote          = 9090
    host            = 9090
    open_in_browser = "/ui"
  }
}

exec_local "kubeconfig" {
  cmd = "sh"
  args = [
    "-c",
    "echo \"$KUBECONFIG\"",
  ]

  env {
    key   = "KUBECONFIG"
    value = k8s_config("k3s")
  }

  depends_on = ["k8s_cluster.k3s"]

  timeout = "10s"
}

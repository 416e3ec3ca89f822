k8s_config "app" {
  depends_on = ["helm.consul"]

  cluster          = "k8s_cluster.k3s"
  paths            = ["./app"]
  wait_until_ready = true
}

k8s_ingress "web" {
  cluster    = "k8s_cluster.k3s"
  deployment = "web-deployment"

  network {
    name = "network.cloud"
  }

  port {
    local           = 9090
    remote          = 9090
    host            = 9090
    open_in_browser = "/ui"
  }
}

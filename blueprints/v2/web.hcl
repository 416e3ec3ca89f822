# web has moved to "Kubernetes". Its manifest asks for a sidecar and for payments on 127.0.0.1:9091.
k8s_config "web" {
  cluster          = "k8s_cluster.k3s"
  paths            = ["k8s_config"]
  wait_until_ready = true
}

ingress "web" {
  target  = "k8s_cluster.k3s"
  service = "svc/web"

  network {
    name = "network.local"
  }

  port {
    local  = 9090
    remote = 9090
    host   = 9090
  }
}

output "web" {
  value = "http://localhost:9090"
}

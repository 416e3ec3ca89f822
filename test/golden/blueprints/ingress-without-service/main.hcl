k8s_cluster "k3s" {
  driver = "k3s"
}

ingress "web" {
  target = "k8s_cluster.k3s"

  port {
    remote = 9090
    host   = 9090
  }
}

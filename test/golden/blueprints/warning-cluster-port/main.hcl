k8s_cluster "k3s" {
  driver = "k3s"

  port {
    local  = 30080
    remote = 30080
    host   = 30080
  }
}

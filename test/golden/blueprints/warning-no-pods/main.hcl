k8s_cluster "k3s" {
  driver = "k3s"
}

k8s_config "web" {
  cluster          = "k8s_cluster.k3s"
  paths            = ["./k8s"]
  wait_until_ready = true
}

ingress "web" {
  target  = "k8s_cluster.k3s"
  service = "svc/web"

  port {
    local  = 80
    remote = 80
    host   = 0
  }
}

ingress "direct" {
  target  = "k8s_cluster.k3s"
  service = "deployment/web"

  port {
    local  = 80
    remote = 9090
    host   = 0
  }
}

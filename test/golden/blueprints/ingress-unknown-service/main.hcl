k8s_cluster "k3s" {
  driver = "k3s"
}

k8s_config "web" {
  cluster          = "k8s_cluster.k3s"
  paths            = ["web.yml"]
  wait_until_ready = true
}

ingress "mistyped" {
  target  = "k8s_cluster.k3s"
  service = "svc/wbe"

  port {
    remote = 9090
    host   = 19090
  }
}

ingress "wrong_port" {
  target  = "k8s_cluster.k3s"
  service = "svc/web"

  port {
    remote = 9091
    host   = 19091
  }
}

k8s_cluster "k3s" {
  driver = "k3s"
  nodes  = 1
}

k8s_config "web" {
  cluster          = "k8s_cluster.k3s"
  paths            = ["./k8s_confg"]
  wait_until_ready = true

  health_check {
    pods = ["app=web"]
  }
}

k8s_config "api" {
  cluster          = "k8s_cluster.k3s"
  paths            = ["./k8s_confg/web.yml"]
  wait_until_ready = true

  health_check {
    pods = ["app=api"]
  }
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

network "local" {
  subnet = "10.5.0.0/16"
}

ingress "nothing" {
  port {
    remote = 9090
    host   = 9090
  }
}

ingress "half" {
  source {
    driver = "local"

    config {
      port = 9091
    }
  }
}

k8s_cluster "k3s" {
  driver = "k3s"
}

k8s_ingress "nowhere" {
  cluster = "k8s_cluster.k3s"

  port {
    remote = 9090
    host   = 9092
  }
}

k8s_ingress "torn" {
  cluster    = "k8s_cluster.k3s"
  service    = "web"
  deployment = "web"

  port {
    remote = 9090
    host   = 9093
  }
}

k8s_cluster "k3s" {
  driver = "k3s"
}

k8s_config "web" {
  cluster          = "k8s_cluster.k3s"
  paths            = ["k8s"]
  wait_until_ready = true

  health_check {
    timeout = "60s"
    pods    = ["service=web"]
  }
}

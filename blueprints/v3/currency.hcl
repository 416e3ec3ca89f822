# currency is cut out of the monolith: a service of its own, with a sidecar of its own, in the cluster of v2.
k8s_config "currency" {
  cluster          = "k8s_cluster.k3s"
  paths            = ["k8s_config"]
  wait_until_ready = true
}

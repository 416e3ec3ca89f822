k8s_cluster "k3s" {
  driver = "k3s"
}

helm "consul" {
  cluster = "k8s_cluster.k3s"
  chart   = "./helm/consul-helm-0.16"
}

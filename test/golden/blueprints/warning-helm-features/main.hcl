k8s_cluster "k3s" {
  driver = "k3s"
}

helm "consul" {
  cluster = "k8s_cluster.k3s"
  chart   = "./consul-helm-0.16.2"
  values  = "values.yaml"
}

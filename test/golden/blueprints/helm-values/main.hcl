k8s_cluster "k3s" {
  driver = "k3s"
}

helm "consul" {
  cluster = "k8s_cluster.k3s"
  chart   = "hashicorp/consul"
  values  = "values.yaml"

  values_string = {
    "connectInject..default" = "true"
    "connectInject.default"  = "sometimes"
  }
}

helm "defaults" {
  cluster    = "k8s_cluster.k3s"
  chart      = "hashicorp/consul"
  chart_name = "second"
  values     = "defaults.yaml"
}

helm "nowhere" {
  cluster = "k8s_cluster.k3s"
  chart   = "hashicorp/consul"
  values  = "join.yaml"
}

helm "list" {
  cluster = "k8s_cluster.k3s"
  chart   = "hashicorp/consul"
  values  = "list.yaml"
}

helm "absent" {
  cluster = "k8s_cluster.k3s"
  chart   = "hashicorp/consul"
  values  = "absent.yaml"
}

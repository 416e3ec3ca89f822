k8s_cluster "k3s" {
  driver = "k3s"
}

helm "grafana" {
  cluster = "k8s_cluster.k3s"

  repository {
    name = "grafana"
    url  = "https://grafana.github.io/helm-charts"
  }

  chart = "grafana/grafana"
}

helm "vault" {
  cluster = "k8s_cluster.k3s"
  chart   = "github.com/hashicorp/vault-helm?ref=v0.5.0"
}

helm "missing" {
  cluster = "k8s_cluster.k3s"
  chart   = "./helm/nothing"
}

helm "own" {
  cluster = "k8s_cluster.k3s"
  chart   = "./own"
}

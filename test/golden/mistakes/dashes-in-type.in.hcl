k8s-cluster "dev" {
  driver = "k3s"
}

# A place for Kubernetes manifests. No cluster is started: mesh reads the manifests and runs their pods.
k8s_cluster "k3s" {
  driver = "k3s"

  network {
    name = "network.local"
  }
}

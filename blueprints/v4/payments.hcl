# payments once more, rewritten: it asks currency for rates instead of knowing them. It runs beside the one on the "VM",
# under the same name in the mesh.
k8s_config "payments" {
  cluster          = "k8s_cluster.k3s"
  paths            = ["k8s_config"]
  wait_until_ready = true
}

k8s_cluster "k3s" {
  driver = "k3s"
}

k8s_config "web" {
  cluster          = "k8s_cluster.k3s"
  paths            = ["./k8s"]
  wait_until_ready = true
}

container "payments" {
  image {
    name = "nicholasjackson/fake-service:vm-v0.9.0"
  }

  volume {
    source      = "./config"
    destination = "/config"
  }

  env_var = {
    SERVICE_ID = "payments"
  }
}

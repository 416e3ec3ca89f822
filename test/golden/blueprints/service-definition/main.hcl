container "payments" {
  image {
    name = "nicholasjackson/fake-service:vm-v0.24.2"
  }

  volume {
    source      = "consul"
    destination = "/config"
  }
}

container "payments" {
  image {
    name = "nicholasjackson/fake-service:v0.9.0"
  }

  network {
    name       = "network.azure"
    ip_address = "10.5.0.110"
  }

  env {
    key   = "LISTEN_ADDR"
    value = "0.0.0.0:9090"
  }

  env {
    key   = "NAME"
    value = "payments"
  }

  env {
    key   = "MESSAGE"
    value = "payments of the monolith"
  }
}

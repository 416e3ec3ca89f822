container "payments" {
  image {
    name = "nicholasjackson/fake-service:v0.14.1"
  }

  network {
    name       = "network.local"
    ip_address = "10.6.0.110"
  }

  env_var = {
    NAME        = "payments"
    MESSAGE     = "payments of 0.1"
    LISTEN_ADDR = "0.0.0.0:9090"
  }

  health_check {
    timeout = "30s"
    http    = "http://localhost:9090/health"
  }
}

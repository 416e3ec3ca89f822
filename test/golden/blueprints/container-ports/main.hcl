container "web" {
  image {
    name = "nicholasjackson/fake-service:v0.24.2"
  }

  port_range {
    range = "9092-9090"
  }

  port_range {
    range = "9090"
  }

  port_range {
    range       = "9090-9091"
    enable_host = true
  }

  port {
    local  = 9091
    remote = 9091
    host   = 9091
  }

  volume {
    source      = "./data"
    destination = "/data"
    type        = "volume"
  }
}

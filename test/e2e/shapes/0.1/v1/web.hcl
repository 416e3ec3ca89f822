container "web" {
  image {
    name = "nicholasjackson/fake-service:v0.14.1"
  }

  network {
    name       = "network.local"
    ip_address = "10.6.0.100"
  }

  env_var = {
    NAME          = "web"
    MESSAGE       = "web of 0.1"
    LISTEN_ADDR   = "0.0.0.0:9090"
    UPSTREAM_URIS = "http://10.6.0.110:9090"
  }

  resources {
    cpu    = 500
    memory = 256
  }

  health_check {
    timeout = "30s"
    http    = "http://localhost:9090/health"
  }
}

container_ingress "web" {
  target = "container.web"

  network {
    name = "network.local"
  }

  port {
    local           = 9090
    remote          = 9090
    host            = 9090
    open_in_browser = "/ui"
  }
}

container "web" {
  image {
    name = "nicholasjackson/fake-service:v0.24.2"
  }

  port {
    local = 80
    host  = 8080
  }

  port {
    local = 81
    host  = 0
  }
}

ingress "web" {
  target = "container.web"

  port {
    remote = 80
    host   = 8080
  }

  port {
    remote = 81
    host   = 0
  }
}

docs "docs" {
  path = "."
  port = 9090
}

ingress "local" {
  source {
    driver = "local"

    config {
      port = 9090
    }
  }

  destination {
    driver = "docker"

    config {
      address = "web.container.shipyard.run"
      port    = 9090
    }
  }
}

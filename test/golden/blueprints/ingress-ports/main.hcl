network "local" {
  subnet = "10.5.0.0/16"
}

container "web" {
  image {
    name = "nicholasjackson/fake-service:v0.24.2"
  }
}

ingress "unreachable" {
  target = "container.web"

  port {
    local  = 80
    remote = 9090
  }
}

container_ingress "named" {
  target = "container.web"

  port {
    remote = "http"
    host   = 9090
  }
}

ingress "outside" {
  target = "container.web"

  network {
    name       = "network.local"
    ip_address = "10.6.0.1"
  }

  port {
    remote = 9090
  }
}

ingress "portless" {
  target = "container.web"
}

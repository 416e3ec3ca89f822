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

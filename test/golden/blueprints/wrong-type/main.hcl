network "local" {
  subnet = ["10.5.0.0/16"]
}

container "web" {
  image {
    name = "nicholasjackson/fake-service:v0.24.2"
  }
  privileged = "maybe"
  command = "run"

  port {
    local = "http"
  }

  port {
    local = 70000
  }

  port {
    local = 80
    protocol = "sctp"
  }
}

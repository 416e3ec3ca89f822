container "web" {
  image {
    name = "nicholasjackson/fake-service:v0.24.2"
  }

  health_check {
    timeout = "30"
    http    = "http://localhost:9090"
  }
}

container "api" {
  image {
    name = "nicholasjackson/fake-service:v0.24.2"
  }

  health_check {
    timeout = 30
  }
}

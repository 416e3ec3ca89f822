container "web" {
  image {
    name = "nicholasjackson/fake-service:v0.24.2"
  }
  health_check {
    timeout = "30s"
    htpp    = "http://localhost:9090"
  }
}

container "a" {
  image {
    name = "nicholasjackson/fake-service:v0.24.2"
  }

  health_check {
    http = "localhost:9090/health"
    tcp  = "9090"
  }
}

container "web" {
  image {
    name = "nicholasjackson/fake-service:v0.24.2"
  }
  health_check {
    timeout = "30s"
    http    = http://localhost:9090/health
  }
}

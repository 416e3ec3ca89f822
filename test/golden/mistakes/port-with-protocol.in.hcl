container "web" {
  image {
    name = "nicholasjackson/fake-service:v0.24.2"
  }
  port {
    local = "8080/tcp"
    host  = "80:8080"
  }
}

container "web" {
  image {
    name = "nicholasjackson/fake-service:v0.24.2"
  }
  port {
    local = 90900
    host  = -1
  }
}

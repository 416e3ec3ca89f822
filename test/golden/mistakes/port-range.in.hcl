container "web" {
  image {
    name = "nicholasjackson/fake-service:v0.24.2"
  }
  port_range {
    range = "8500-8400"
  }
  port_range {
    range = "8500:8502"
  }
}

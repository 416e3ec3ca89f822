container "web" {
  image {
    name = "nicholasjackson/fake-service:v0.24.2",
  }
}

container "web" {
  image = "nicholasjackson/fake-service:v0.24.2"
}

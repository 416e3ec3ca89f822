container "a" {
  image {
    name = "nicholasjackson/fake-service:v0.24.2"
  }

  depends_on = ["container.a"]
}

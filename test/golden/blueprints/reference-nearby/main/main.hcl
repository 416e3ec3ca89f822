container "web" {
  image { name = "nicholasjackson/fake-service:v0.24.2" }
  network { name = "network.azure" }
  network { name = "network.wan" }
}

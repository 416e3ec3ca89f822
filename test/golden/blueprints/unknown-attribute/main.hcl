container "web" {
  image {
    name = "nicholasjackson/fake-service:v0.24.2"
  }

  comand = ["x"]
  flavour = "sweet"

  netwrk {
    name = "network.local"
  }
}

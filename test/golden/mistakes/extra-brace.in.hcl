container "web" {
  image {
    name = "nicholasjackson/fake-service:v0.24.2"
  }
  }
}

network "local" {
  subnet = "10.5.0.0/16"
}

network "local" {
  subnet = "10.5.0.0/16"
}

container "a" {
  image {
    name = "nicholasjackson/fake-service:v0.24.2"
  }

  depends_on = ["container.b"]
}

container "b" {
  image {
    name = "nicholasjackson/fake-service:v0.24.2"
  }

  depends_on = ["container.c"]
}

container "c" {
  image {
    name = "nicholasjackson/fake-service:v0.24.2"
  }

  depends_on = ["container.a", "network.local"]
}

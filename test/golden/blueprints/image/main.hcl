container "web" {
  image {
    name = "nginx:1.27"
  }
}

container "api" {
  image {
    name = "nicholasjackson/fake-servic:v1"
  }
}

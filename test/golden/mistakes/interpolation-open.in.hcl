variable "tag" {
  default = "v0.24.2"
}

container "web" {
  image {
    name = "nicholasjackson/fake-service:${var.tag"
  }
}

network "local" {
  subnet = "10.5.0.0/16"
}

variable "size" {
  default = "large"
}

container "web" {
  image {
    name = "nicholasjackson/fake-service:v0.24.2"
  }
  env {
    key   = "N"
    value = var.size ? "a" : "b"
  }
}

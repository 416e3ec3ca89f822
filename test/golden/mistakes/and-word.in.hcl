variable "a" {
  default = true
}

container "web" {
  image {
    name = "nicholasjackson/fake-service:v0.24.2"
  }
  disabled = var.a and true
}

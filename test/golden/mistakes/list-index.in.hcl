variable "ports" {
  default = [80, 443]
}

container "web" {
  image {
    name = "nicholasjackson/fake-service:v0.24.2"
  }
  port {
    local = var.ports[2]
  }
}

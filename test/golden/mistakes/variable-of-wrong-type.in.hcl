variable "port" {
  default = "http"
}

container "web" {
  image {
    name = "nicholasjackson/fake-service:v0.24.2"
  }
  port {
    local = var.port
  }
}

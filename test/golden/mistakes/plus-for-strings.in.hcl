variable "host" {
  default = "web"
}

container "web" {
  image {
    name = "nicholasjackson/fake-service:v0.24.2"
  }
  env {
    key   = "URL"
    value = "http://" + var.host
  }
}

variable "region" {
  default = "eu"
}

container "web" {
  image {
    name = "nicholasjackson/fake-service:v0.24.2"
  }
  env {
    key   = "REGION"
    value = var.regoin
  }
}

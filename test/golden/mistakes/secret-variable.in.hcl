variable "db_password" {
  default = "hunter2-hunter2"
}

variable "count" {
  default = 2
}

container "web" {
  image {
    name = "nicholasjackson/fake-service:v0.24.2"
  }
  privileged = var.db_password + var.count
}

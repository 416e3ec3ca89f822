variable "tag" {
  default = "v0.24.2"
}

container "web" {
  image {
    name = ${var.tag}
  }
}

variable "image" {
  type = string
}
variable "tag" {
  defualt = "v0.24.2"
}
locals {
  a = local.b
  b = local.a
  c = var.regoin
}
job "web" {
  group "web" {
    count = local.cuont
    task "web" {
      driver = "docker"
      config {
        image = "${var.image}:${upcase(var.tag)}"
      }
    }
  }
}

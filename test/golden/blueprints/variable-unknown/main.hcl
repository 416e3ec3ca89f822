variable "region" {
  default = "eu"
}

output "where" {
  value = "${var.regoin} and ${var.something.else}"
}

variable "token" {
  description = "who you are"
}

network "local" {
  subnet = var.token
}

variable "version" {
  default = "v0.9.0"
}

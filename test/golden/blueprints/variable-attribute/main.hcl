variable "port" {
  type    = "number"
  default = 8500
}

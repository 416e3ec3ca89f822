variable "port"  { default = 8500 }
variable "debug" { default = false }
variable "ports" { default = [1] }

variable "a" { default = "${var.b}-a" }
variable "b" { default = "${var.a}-b" }

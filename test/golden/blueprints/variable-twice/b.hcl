variable "region" { default = "us" }

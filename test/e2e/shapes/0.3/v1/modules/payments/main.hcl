variable "version" {
  default = "the root says it"
}

variable "payments_message" {
  default = "payments of 0.3"
}

container "payments" {
  image {
    name = "nicholasjackson/fake-service:${var.version}"
  }

  network {
    name       = "network.${var.network}"
    ip_address = var.payments_ip
  }

  env_var = {
    NAME    = "payments"
    MESSAGE = var.payments_message
  }

  volume {
    source      = "${file_dir()}/files"
    destination = "/files"
  }
}

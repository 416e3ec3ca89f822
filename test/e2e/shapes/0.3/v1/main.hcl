variable "network" {
  default     = "shop"
  description = "Network of the shop"
}

variable "payments_ip" {
  default = "10.7.0.110"
}

variable "ports" {
  default = {
    web     = 9090
    health-check = 9090
  }
}

variable "with_currency" {
  default = false
}

network "shop" {
  subnet = "10.7.0.0/16"
}

module "payments" {
  source = "./modules/payments"
}

container "web" {
  depends_on = ["module.payments"]

  image {
    name = "nicholasjackson/fake-service:${var.version}"
  }

  network {
    name       = "network.${var.network}"
    ip_address = "10.7.0.100"
    aliases    = ["shop.local"]
  }

  env {
    key   = "NAME"
    value = "web"
  }

  env {
    key   = "MESSAGE"
    value = file("./messages/web.txt")
  }

  env {
    key   = "LISTEN_ADDR"
    value = "0.0.0.0:${var.ports.web}"
  }

  env {
    key   = "UPSTREAM_URIS"
    value = "http://${var.payments_ip}:${var.ports.web}${var.with_currency ? ",http://currency:9090" : ""}"
  }

  health_check {
    timeout = "30s"
    http    = "http://localhost:${var.ports.health-check}/health"
  }
}

container "currency" {
  disabled = !var.with_currency

  image {
    name = "nicholasjackson/fake-service:${var.version}"
  }
}

ingress "web" {
  source {
    driver = "local"

    config {
      port            = var.ports.web
      open_in_browser = "/ui"
    }
  }

  destination {
    driver = "docker"

    config {
      address = "web.container.shipyard.run"
      port    = var.ports.web
    }
  }
}

output "WEB_ADDR" {
  value = "http://localhost:${var.ports.web}"
}

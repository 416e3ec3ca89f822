variable "subnet" {
  default = "10.8.0.0/16"
}

network "onprem" {
  subnet = var.subnet
}

certificate_ca "root" {
  output = data_with_permissions("certs", "0755")
}

certificate_leaf "payments" {
  depends_on = ["certificate_ca.root"]

  ca_key  = "${data("certs")}/root.key"
  ca_cert = "${data("certs")}/root.cert"

  ip_addresses = ["10.8.0.110"]
  dns_names    = ["localhost", "payments.container.shipyard.run"]

  output = data("certs")
}

copy "banner" {
  source      = "./files/banner.txt"
  destination = "${data("files")}/"
  permissions = "0644"
}

container "payments" {
  depends_on = ["certificate_leaf.payments"]

  image {
    name = "nicholasjackson/fake-service:v0.24.2"
  }

  network {
    name       = "network.onprem"
    ip_address = "10.8.0.110"
  }

  dns = ["10.8.0.2"]

  run_as {
    user  = "1000"
    group = "1000"
  }

  resources {
    cpu     = 1000
    cpu_pin = [0]
    memory  = 512
  }

  volume {
    source      = data("certs")
    destination = "/certs"
    read_only   = true
  }

  volume {
    source      = "scratch"
    destination = "/scratch"
    type        = "tmpfs"
  }

  volume {
    source      = "payments_data"
    destination = "/var/lib/payments"
    type        = "volume"

    bind_propagation = "rslave"
  }

  env {
    key   = "NAME"
    value = "payments"
  }

  env {
    key   = "MESSAGE"
    value = "payments of 0.4"
  }

  env {
    key   = "TLS_CERT_LOCATION"
    value = "/certs/payments.cert"
  }

  env {
    key   = "TLS_KEY_LOCATION"
    value = "/certs/payments.key"
  }

  port_range {
    range       = "9090-9091"
    enable_host = false
  }

  health_check {
    timeout            = "60s"
    tcp                = "localhost:9090"
    http_success_codes = [200, 204]
  }
}

container "web" {
  depends_on = ["copy.banner"]

  image {
    name = "nicholasjackson/fake-service:v0.24.2"
  }

  network {
    name       = "network.onprem"
    ip_address = "10.8.0.100"
  }

  env_var = {
    NAME                    = "web"
    MESSAGE                 = "web of 0.4"
    UPSTREAM_URIS           = "https://10.8.0.110:9090"
    UPSTREAM_ALLOW_INSECURE = "true"
  }

  volume {
    source      = data("files")
    destination = "/files"
  }

  port_range {
    range       = "9090-9090"
    enable_host = true
    protocol    = "tcp"
  }
}

output "WEB_ADDR" {
  value = "http://${docker_ip()}:9090"
}

output "files" {
  value = len(["banner.txt"])
}

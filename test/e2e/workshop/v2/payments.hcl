container "payments" {
  image {
    name = "nicholasjackson/fake-service:vm-v0.9.0"
  }

  volume {
    source      = "consul_service/payments.hcl"
    destination = "/config/payments.hcl"
  }

  network {
    name       = "network.azure"
    ip_address = "10.5.0.110"
  }

  env {
    key   = "CONSUL_SERVER"
    value = "hcs.container.shipyard.run"
  }

  env {
    key   = "CONSUL_DATACENTER"
    value = "azure"
  }

  env {
    key   = "SERVICE_ID"
    value = "payments"
  }

  env {
    key   = "LISTEN_ADDR"
    value = "0.0.0.0:9090"
  }

  env {
    key   = "NAME"
    value = "payments"
  }

  env {
    key   = "MESSAGE"
    value = "payments on its VM"
  }
}

exec_remote "payments_defaults" {
  image {
    name = "shipyardrun/tools:beta"
  }

  cmd = "consul"
  args = [
    "config",
    "write",
    "/config/payments_defaults.hcl",
  ]

  volume {
    source      = "consul_service/payments_defaults.hcl"
    destination = "/config/payments_defaults.hcl"
  }

  network {
    name = "network.azure"
  }

  env {
    key   = "CONSUL_HTTP_ADDR"
    value = "http://hcs.container.shipyard.run:8500"
  }
}

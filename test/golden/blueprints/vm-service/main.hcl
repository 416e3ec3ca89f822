container "unset" {
  image {
    name = "nicholasjackson/fake-service:vm-v0.24.2"
  }
  volume {
    source      = "./config/payments.hcl"
    destination = "/config/payments.hcl"
  }
}

container "mistyped" {
  image {
    name = "nicholasjackson/fake-service:vm-v0.24.2"
  }
  volume {
    source      = "./config/payments.hcl"
    destination = "/config/payments.hcl"
  }
  env {
    key   = "SERVICE_ID"
    value = "payment"
  }
}

container "nothing" {
  image {
    name = "nicholasjackson/fake-service:vm-v0.24.2"
  }
  env {
    key   = "SERVICE_ID"
    value = "payments"
  }
}

container "unmounted" {
  image {
    name = "nicholasjackson/consul-envoy:v1.7.2-v0.14.1"
  }
  command = ["tail", "-f", "/dev/null"]
  volume {
    source      = "./config"
    destination = "/files"
  }
  env_var = {
    SERVICE_CONFIG     = "/config/payments.hcl"
    CENTRAL_CONFIG     = "/files/central/defaults.hcl; /files/central/none.hcl"
    CENTRAL_CONFIG_DIR = "/central"
  }
}

# payments stays on its "VM". The `vm-` image finds the service definition below /config, registers the service
# and runs the sidecar that the definition asks for.
container "payments" {
  image {
    name = "nicholasjackson/fake-service:vm-v0.24.2"
  }

  network {
    name       = "network.local"
    ip_address = "10.5.0.110"
  }

  volume {
    source      = "consul_service/payments.hcl"
    destination = "/config/payments.hcl"
  }

  env {
    key   = "SERVICE_ID"
    value = "payments"
  }

  env {
    key   = "NAME"
    value = "payments"
  }

  env {
    key   = "MESSAGE"
    value = "payments of v2"
  }
}
